/** The page that owners get, in a real browser and through the app's own handlers: what it shows, what it sends, and that nothing else happens. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { unusedKey } from "../../../shared/domain/identity.ts";
import { wordOn } from "../../../shared/engine/unused/words/words.ts";
import { apiOn, apiServices, type CallApi } from "../../support/api.ts";
import { type ApiServer, serveApi } from "../../support/api-server.ts";
import { tenantId } from "../../support/harness-cast.ts";
import { newWorld, type Process, startProcess } from "../../support/harness-world.ts";
import { callerWith } from "../../support/principal.ts";
import { judged, keepRetirement, keepScan, refOf, retirement } from "../../support/unused.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const owner = callerWith([], 4);
const operator = callerWith(["Tourniquet.Operator"], 2);
const id = refOf(1).appId ?? "";

const hostile = [
  `"><script>globalThis.hacked = 1</script>`,
  `<img src=http://evil.example/x onerror="globalThis.hacked = 1">`,
  `</title></style></script><svg onload=globalThis.hacked=1>`,
  "\u202eevil\u202c\u0000<!--",
].join("");

interface Told {
  readonly services: Process["services"];
  readonly call: CallApi;
  /** how many there are of what people said */
  rows(): Promise<number>;
}

/** Two that nobody uses, and of one the owners were told; every text of somebody else's choosing is hostile. */
async function somebodyTold(): Promise<Told> {
  const { services } = startProcess(newWorld());
  await keepScan(services, [judged(1, { claimedName: hostile }), judged(2)]);
  await keepRetirement(services, refOf(1), retirement({ because: `nobody used it ${hostile}` }));
  const rows = async () => (await services.stores.identities.load(unusedKey(tenantId))).size;
  return { services, call: apiOn(apiServices(services)), rows };
}

describe("the page for owners", () => {
  let world: Told;
  beforeEach(async () => {
    world = await somebodyTold();
  });

  it("is a page to a browser and data to a program, for every account of the tenant and for nobody else", async () => {
    const path = `/unused/appId%3A${id}/keep`;
    const page = await world.call("GET", path, { as: owner, headers: { accept: "text/html,*/*;q=0.8" } });
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    const data = await world.call("GET", path, { as: owner });
    expect(data).toMatchObject({ status: 200, body: { identity: { appId: id }, retirement: { state: "told" } } });
    expect(JSON.stringify(data.body)).not.toMatch(/incidentId|planIds|privileges/);
    expect((await world.call("GET", path, { as: null })).status).toBe(401);
    const headers = { accept: "text/html" };
    const toSignIn = `/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent(`/api${path}`)}`;
    expect(await world.call("GET", path, { as: null, headers })).toMatchObject({
      status: 302,
      headers: { location: toSignIn },
    });
    expect((await world.call("GET", `/unused/appId%3A${refOf(9).appId}/keep`, { as: owner })).status).toBe(404);
    expect(await world.rows()).toBe(0);
  });

  it("lets in its own script and style by their hashes, and nothing else from anywhere", async () => {
    const { headers } = await world.call("GET", `/unused/${id}/keep`, { as: owner, headers: { accept: "text/html" } });
    const policy = headers["content-security-policy"] ?? "";
    expect(policy).toMatch(/default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'/);
    for (const rule of ["connect-src 'self'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"])
      expect(policy).toContain(rule);
    expect(policy).not.toMatch(/unsafe|\*|http/);
    expect(headers).toMatchObject({ "referrer-policy": "no-referrer", "cache-control": "no-store" });
  });
});

describe.skipIf(!existsSync(executablePath))(`the page for owners in a browser (${executablePath})`, () => {
  let world: Told;
  let browser: Browser;
  let api: ApiServer;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    world = await somebodyTold();
    api = await serveApi(world.call, owner);
  });
  beforeEach(async () => {
    world = await somebodyTold();
    Object.assign(api, { as: owner, asked: [], up: true, call: world.call });
    page = await browser.newPage();
    await page.goto(`${api.url}/api/unused/appId%3A${id}/keep`);
  });
  afterEach(() => page.close());
  afterAll(() => Promise.all([browser.close(), api.stop()]));

  const answer = () => page.locator("#answer");
  const keep = async (reason: string) => {
    await page.getByLabel("Why it is needed").fill(reason);
    await page.getByRole("button", { name: "Keep it" }).click();
  };

  it("takes nobody's name for markup, fetches nothing, and changes nothing by being opened", async () => {
    const text = (await page.locator("main").textContent()) ?? "";
    expect({
      hacked: await page.evaluate("'hacked' in globalThis"),
      active: await page.locator("img, svg, iframe, object, embed, link, base, a").count(),
      scripts: await page.locator("script").count(),
      named: text.includes("<script>globalThis.hacked = 1</script>"),
      turned: text.includes("\u202e"),
    }).toEqual({ hacked: false, active: 0, scripts: 1, named: true, turned: false });
    expect(api.asked.map(({ method }) => method)).toEqual(["GET"]);
    expect(await world.rows()).toBe(0);
    expect(text).toMatch(/appId\s*11111111-0000-4000-8000-000000000001/);
    expect(text).toContain("Next: it is disabled, not before");
    expect(text).toContain("cccccccc-0000-4000-8000-000000000001");
  });

  it("sends a reason once, to where it came from, and says that Graph is asked", async () => {
    await keep("the quarterly close");
    await expect.poll(() => answer().textContent()).toContain("asked whether you own it");
    const [, sent, ...others] = api.asked;
    expect(others).toEqual([]);
    expect(sent).toMatchObject({
      method: "POST",
      path: `/unused/appId%3A${id}/keep`,
      body: '{"reason":"the quarterly close"}',
    });
    expect(sent?.headers).toMatchObject({
      "sec-fetch-site": "same-origin",
      "idempotency-key": expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(await wordOn(world.services, id)).toMatchObject({ standing: "unchecked" });
    expect(await page.getByRole("button").isDisabled()).toBe(true);
  });

  it("says to an operator that it is kept", async () => {
    api.as = operator;
    await keep("the quarterly close");
    await expect.poll(() => answer().textContent()).toContain("Kept.");
  });

  it("shows what went wrong as text, in the app's own words, and can be tried again under the same key", async () => {
    api.up = false;
    await keep("mine");
    await expect.poll(() => answer().textContent()).toContain("could not be reached");
    api.up = true;
    await page.getByRole("button").click();
    await expect.poll(() => answer().textContent()).toContain("asked whether you own it");
    const keys = api.asked.filter(({ method }) => method === "POST").map(({ headers }) => headers["idempotency-key"]);
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(1);
  });

  it("tells a second owner that somebody else is being asked about, and who is signed out to sign in", async () => {
    await world.call("POST", `/unused/${id}/keep`, { as: callerWith([], 5), body: { reason: "mine" } });
    await keep("no, mine");
    await expect.poll(() => answer().textContent()).toContain("somebody else says that they own it");
    api.as = null;
    await keep("mine, then");
    await expect.poll(() => answer().textContent()).toContain("Your sign-in has ended");
  });

  it("asks for a reason before it sends anything", async () => {
    await page.getByLabel("Why it is needed").fill("   ");
    await page.getByRole("button").click();
    await expect.poll(() => answer().textContent()).toContain("Say why");
    expect(api.asked).toHaveLength(1);
  });

  it("can be used by the keyboard alone, and reads its answer out", async () => {
    await page.keyboard.press("Tab");
    await page.keyboard.type("by hand");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => answer().textContent()).toContain("Noted");
    expect(await answer().getAttribute("role")).toBe("status");
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.locator("h1").count()).toBe(1);
  });
});
