/** The page in a real browser: names stay text, nothing runs and nothing is fetched, and it can be read, printed and verified. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvidencePack } from "../../../shared/domain/evidence-pack.ts";
import { pageOf } from "../../../shared/engine/pack/page/page.ts";
import { verifyEvidence } from "../../../tools/verify-evidence/verify.ts";
import type { Harness } from "../../support/harness.ts";
import { evidenceOf, states } from "./incidents.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const address = "http://evidence.example/page";

/** In the browser: how wide the page is, in CSS pixels. */
const width = "document.documentElement.scrollWidth";

const hostile = [
  `"><script>globalThis.hacked = 1</script>`,
  `<img src=http://evil.example/x onerror="globalThis.hacked = 1">`,
  `</style></title><svg onload=globalThis.hacked=1><iframe src=//evil.example>`,
  `' onmouseover='hacked=1' x='${"W".repeat(300)}`,
  "\u202eevil\u202c\u0000<!--",
].join("");

/** Every text of the pack becomes hostile, wherever it comes from. */
function poisoned<T>(value: T): T {
  if (typeof value === "string") return `${value}${hostile}` as T;
  if (Array.isArray(value)) return value.map(poisoned) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, poisoned(held)])) as T;
}

describe.skipIf(!existsSync(executablePath))(`the page in a browser (${executablePath})`, () => {
  let browser: Browser;
  let pack: EvidencePack;
  let edited: EvidencePack;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const harness = await (states.approved as () => Promise<Harness>)();
    pack = await evidenceOf(harness);
    harness.editRow("approval|", (value) => ({ ...value, signature: "none" }));
    edited = await evidenceOf(harness);
  });

  afterAll(() => browser.close());

  async function open(content: string, work: (page: Page) => Promise<void>): Promise<readonly string[]> {
    const fetched: string[] = [];
    const page = await browser.newPage({ viewport: { width: 800, height: 1000 } });
    await page.route("**/*", (route) => {
      fetched.push(route.request().url());
      return route.request().url() === address
        ? route.fulfill({ contentType: "text/html; charset=utf-8", body: content })
        : route.abort();
    });
    await page.goto(address);
    await work(page);
    await page.close();
    return fetched;
  }

  it("takes nobody's name for markup, runs nothing and fetches nothing, though every text in it is hostile", async () => {
    const fetched = await open(pageOf(poisoned(edited)), async (page) => {
      const text = (await page.locator("body").textContent()) ?? "";
      expect({
        hacked: await page.evaluate("'hacked' in globalThis"),
        active: await page.locator("script, img, svg, iframe, object, embed, link, form, input, base").count(),
        handlers: await page.locator("xpath=//*[@*[starts-with(name(), 'on')]]").count(),
        styles: await page.locator("style").count(),
        text: text.includes("<script>globalThis.hacked = 1</script>"),
        turned: text.includes("\u202e"),
        shown: text.includes("⟨U+202E⟩"),
      }).toEqual({ hacked: false, active: 0, handlers: 0, styles: 1, text: true, turned: false, shown: true });
      expect(await page.evaluate<number>(width)).toBeLessThanOrEqual(800);
    });
    expect(fetched).toEqual([address]);
  });

  it("runs no script even if one were in it", async () => {
    const content = pageOf(pack).replace(
      "</main>",
      "<script>globalThis.hacked = 1</script><img src=http://evil.example/x></main>",
    );
    const fetched = await open(content, async (page) => {
      expect(await page.evaluate("'hacked' in globalThis")).toBe(false);
    });
    expect(fetched).toEqual([address]);
  });

  it("can be read: one heading above all, no level left out, tables with headers, a language, the timeline in its order", async () => {
    await open(pageOf(pack), async (page) => {
      expect(await page.locator("html").getAttribute("lang")).toBe("en");
      expect(await page.title()).toContain(pack.incident.id);
      expect(await page.locator("main").count()).toBe(1);
      expect(await page.locator(".standing").textContent()).toMatch(/^Contained/);
      expect(await page.locator("table:not(:has(th[scope]))").count()).toBe(0);
      expect(await page.evaluate<number>(width)).toBeLessThanOrEqual(800);
      const tags = "[...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName.slice(1)))";
      const levels = await page.evaluate<number[]>(tags);
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      for (const [at, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[at - 1] ?? 0) + 1);
      const timeline = page.locator("section", { has: page.getByRole("heading", { name: "Timeline" }) });
      const entries = await timeline.locator("tbody td:first-child").allTextContents();
      expect(entries.map(Number)).toEqual(pack.ledger.map(({ seq }) => seq));
    });
  });

  it("prints on A4, page by page", async () => {
    await open(pageOf(pack), async (page) => {
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
      expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length).toBeGreaterThan(1);
      expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12]/);
    });
  });

  it("brings the very file that it shows, which holds", async () => {
    await open(pageOf(pack), async (page) => {
      const href = (await page.getAttribute("a[download]", "href")) ?? "";
      const bytes = Buffer.from(href.slice(href.indexOf(",") + 1), "base64");
      const { holds, pack: about } = verifyEvidence(bytes, { keyId: null, heads: null });
      expect({ holds, id: about?.incidentId }).toEqual({ holds: true, id: pack.incident.id });
    });
  });
});
