import { describe, expect, it } from "vitest";
import { emptyBaseline } from "../../../shared/domain/baseline.ts";
import { identityKey } from "../../../shared/domain/identity.ts";
import { continueScan } from "../../../shared/engine/unused/scan/scan.ts";
import { readScanState } from "../../../shared/engine/unused/scan/scan-state.ts";
import { showScans } from "../../../shared/engine/unused/scan/show-scan.ts";
import { unlicensed } from "../../support/fake-tenant.ts";
import { startAt, tenantId } from "../../support/harness-cast.ts";
import { day, listed } from "../../support/listed-tenant.ts";
import { goOn, processOf, retiring, type ScanWorld, scanNow, scanWorld, states, verdicts } from "./scan-world.ts";

const expected = [
  "app 2: unused",
  "app 3: unused",
  "app 4: unknown",
  "app 5: exempt",
  "app 7: exempt",
  "app 8: unused",
];

/** Who was told, in the order in which they were. */
function told({ world }: ScanWorld): readonly string[] {
  const rows = [...world.data.identities.values()].flatMap((all) => [...all]);
  return rows.flatMap(([key, { json }]) => (key.startsWith("out|") && json.includes('"unused.told"') ? [json] : []));
}

function retirements({ world }: ScanWorld): readonly string[] {
  return [...world.data.identities].flatMap(([key, rows]) => (rows.has("retirement") ? [key] : [])).sort();
}

const beganWith = [2, 3].map((n) => identityKey(tenantId, listed(n).appId));

describe("a scan", () => {
  it("reads every page of every part once, and judges everybody that is not plainly used", async () => {
    const scan = await scanWorld(retiring({}, { mode: "observe" }));
    const state = await scanNow(scan);
    const services = processOf(scan);
    expect(await states(services)).toEqual(expected);
    expect(new Set(scan.tenant.served).size).toBe(scan.tenant.served.length);
    expect(state.last).toMatchObject({ pages: scan.tenant.served.length, reportOnly: null, missing: [] });
    expect(state.last?.counts).toEqual({ used: 2, unused: 3, unknown: 1, exempt: 2 });
    expect((await verdicts(services)).get(listed(3).appId)).toMatchObject({
      privileges: ["directory role 62e90394-69f5-4237-9190-012177145e10"],
      unusedSince: state.last?.startedAt,
      verdict: { windowDays: 400 },
    });
    expect(await showScans(services)).toMatchObject({ current: { state: "done" }, last: { state: "done" } });
    expect(
      [...(scan.world.data.simple.get("scan-pages")?.keys() ?? [])].filter((key) => !key.includes(".verdicts")),
    ).toEqual([]);
    expect(scan.tenant.writes).toEqual([]);
  });

  it("does not begin at the first look, but in the night after it, and once a night", async () => {
    const scan = await scanWorld();
    const services = processOf(scan);
    await continueScan(services, 30_000);
    await continueScan(services, 30_000);
    expect(scan.tenant.served).toEqual([]);
    await scan.world.clock.advance(18 * 3600_000);
    const first = await goOn(scan, services);
    expect(first.last).not.toBeNull();
    await scan.world.clock.advance(3600_000);
    await continueScan(services, 30_000);
    expect((await readScanState(services))?.state.last?.scanId).toBe(first.last?.scanId);
    expect((await readScanState(services))?.state.current).toBeNull();
  });

  it("ends a run at its budget and goes on at the same page", async () => {
    const scan = await scanWorld(retiring({}, { mode: "observe" }));
    scan.tenant.beforeCall = () => void scan.world.clock.advance(20_000);
    const state = await scanNow(scan);
    expect(await states(processOf(scan))).toEqual(expected);
    expect(new Set(scan.tenant.served).size).toBe(scan.tenant.served.length);
    expect(state.last?.endedAt).toBeGreaterThan(startAt + 60_000);
  });

  it("is done by one of two instances", async () => {
    const scan = await scanWorld();
    const [one, two] = [processOf(scan, "one"), processOf(scan, "two")];
    await scanNow(scan, one);
    scan.tenant.served.length = 0;
    await scan.world.clock.advance(day);
    await Promise.all([continueScan(one, 30_000), continueScan(two, 30_000), continueScan(one, 30_000)]);
    await goOn(scan, one);
    expect(new Set(scan.tenant.served).size).toBe(scan.tenant.served.length);
    expect(await states(one)).toEqual(expected);
  });
});

describe("rows of our own", () => {
  it("are asked for of those alone of whom there are any", async () => {
    const scan = await scanWorld(retiring({}, { mode: "observe" }));
    const calls: string[] = [];
    const services = processOf(scan, "one", { beforeCall: (name) => void calls.push(name) });
    const count = (name: string) => calls.filter((one) => one === name).length;
    await scanNow(scan, services);
    expect(count("baselines.get")).toBe(0);
    const key = identityKey(tenantId, listed(4).appId);
    const baseline = { ...emptyBaseline, signInsSince: startAt - 10 * day };
    await services.stores.baselines.put(key, baseline, null, startAt + 1_000 * day);
    await scan.world.clock.advance(day);
    await scanNow(scan, services);
    expect(count("baselines.get")).toBe(1);
    expect(await states(services)).toEqual(expected);
  });
});

describe("killed before or after any port call, the scan that another process goes on with", () => {
  it("finds the same, keeps every page once, and tells everybody once", async () => {
    const calls: string[] = [];
    const whole = await scanWorld();
    whole.tenant.beforeCall = (name) => void calls.push(name);
    await scanNow(whole, processOf(whole, "first", { beforeCall: (name) => void calls.push(name) }));
    expect(retirements(whole)).toEqual(beganWith);
    expect(calls.length).toBeGreaterThan(60);
    for (const [at, name] of calls.entries()) {
      for (const when of ["before", "after"] as const) {
        // who dies before a read, or after one, died after the write before it
        if (!/put|commit|reserve|acquire|release|drop|publish/i.test(name)) continue;
        await dies(at, when, `${when} ${name} (call ${at})`);
      }
    }
  }, 60_000);

  async function dies(at: number, when: "before" | "after", where: string): Promise<void> {
    const scan = await scanWorld();
    let count = -1;
    const die = (now: "before" | "after", step: number) => {
      count += step;
      if (count > at || (count === at && (now === when || (now === "after" && when === "before"))))
        throw new Error("killed");
    };
    scan.tenant.beforeCall = () => die("before", 1);
    const dead = processOf(scan, "first", { beforeCall: () => die("before", 1), afterCall: () => die("after", 0) });
    await scanNow(scan, dead).catch(() => undefined);
    scan.tenant.beforeCall = () => undefined;
    await scan.world.clock.advance(10 * 60_000);
    const services = processOf(scan, "second");
    const state = await scanNow(scan, services);
    expect(await states(services), where).toEqual(expected);
    expect(state.last?.counts, where).toEqual({ used: 2, unused: 3, unknown: 1, exempt: 2 });
    expect(retirements(scan), where).toEqual(beganWith);
    expect(told(scan).length, where).toBe(2);
  }
});

describe("what cannot be read", () => {
  it.each([
    ["the report without permission", /servicePrincipalSignIn/, unlicensed],
    [
      "the report that beta no longer has",
      /servicePrincipalSignIn/,
      { status: 404, code: "UnknownError", retryable: false },
    ],
    ["the report that fails for hours", /servicePrincipalSignIn/, { status: 503 }],
  ])("%s makes the scan report only", async (_, path, answer) => {
    const scan = await scanWorld();
    scan.tenant.faults.push({ path, onLink: false, times: 1_000, answer });
    const state = await scanNow(scan);
    expect(state.last?.reportOnly).toContain("the sign-in report could not be read");
    expect(state.last?.missing).toHaveLength(1);
    expect((await states(processOf(scan))).filter((line) => line.endsWith("unused"))).toEqual([]);
    expect(retirements(scan)).toEqual([]);
  });

  it("is only named while what else there is decides", async () => {
    const scan = await scanWorld();
    scan.tenant.faults.push({ path: /roleAssignments/, times: 1_000, answer: unlicensed });
    const state = await scanNow(scan);
    expect(state.last).toMatchObject({ reportOnly: null, missing: [{ part: "directory-roles" }] });
    // 200 days are too few for what may be privileged
    expect(retirements(scan)).toEqual([identityKey(tenantId, listed(3).appId)]);
  });

  it("half of the report is too little to begin anything", async () => {
    const scan = await scanWorld(retiring({ coveragePercent: 80 }));
    for (const n of [1, 6]) {
      const rows = scan.tenant.lists.servicePrincipalSignInActivities;
      rows.splice(
        rows.findIndex(({ appId }) => appId === listed(n).appId),
        1,
      );
    }
    scan.tenant.add(9, startAt - day);
    const state = await scanNow(scan);
    expect(state.last?.reportOnly).toContain("coveragePercent");
    expect(retirements(scan)).toEqual([]);
  });

  it("a report that stopped begins nothing, and one that is a day old does", async () => {
    const scan = await scanWorld();
    await scan.world.clock.advance(8 * day);
    expect((await scanNow(scan)).last?.reportOnly).toContain("stopped at");
    expect(retirements(scan)).toEqual([]);
    scan.tenant.use(1, scan.world.clock.now() - 2 * day);
    expect((await scanNow(scan)).last?.reportOnly).toBeNull();
    expect(retirements(scan)).toEqual(beganWith);
  });

  it("waits as long as Graph asks, and goes on at the page", async () => {
    const scan = await scanWorld();
    const throttled = { status: 429, code: "TooManyRequests", retryAfterMs: 5 * 60_000 };
    scan.tenant.faults.push({ path: /applications/, onLink: true, times: 2, answer: throttled });
    await scanNow(scan);
    expect(await states(processOf(scan))).toEqual(expected);
    expect(new Set(scan.tenant.served).size).toBe(scan.tenant.served.length);
    expect(scan.world.clock.now()).toBeGreaterThan(startAt + 10 * 60_000);
  });

  it("a next link that Graph refuses begins its part anew, and no page of before is judged", async () => {
    const scan = await scanWorld();
    const gone = { status: 410, code: "expired", retryable: false };
    scan.tenant.faults.push({ path: /servicePrincipals\?/, onLink: true, times: 2, answer: gone });
    const state = await scanNow(scan);
    expect(await states(processOf(scan))).toEqual(expected);
    expect(state.last?.missing).toEqual([]);
  });

  it("fails without service principals, keeps the last whole scan, and says so", async () => {
    const scan = await scanWorld();
    const before = await scanNow(scan);
    scan.tenant.faults.push({ path: /servicePrincipals\?/, times: 1_000, answer: unlicensed });
    const after = await scanNow(scan);
    expect(after.last?.scanId).toBe(before.last?.scanId);
    expect(await showScans(processOf(scan))).toMatchObject({ current: { state: "failed" }, last: { state: "done" } });
    expect(await states(processOf(scan))).toEqual(expected);
  });
});
