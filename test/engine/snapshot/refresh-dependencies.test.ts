/** A tenant too big for one run: what the nightly scan remembers stands in for the report, and what nobody read is unknown, and said. */
import { expect, it } from "vitest";
import { refreshDependencies } from "../../../shared/engine/snapshot/refresh-dependencies.ts";
import { startAt, tenantId } from "../../support/harness-cast.ts";
import { day, listed } from "../../support/listed-tenant.ts";
import { processOf, retiring, type ScanWorld, scanNow, scanWorld } from "../unused/scan-world.ts";

const reports = { path: /servicePrincipalSignInActivities/, times: 1, answer: {} };

function slow(): Promise<ScanWorld> {
  return scanWorld(retiring({}, { mode: "observe" }));
}

async function lastUsed(scan: ScanWorld, n: number): Promise<number | null | undefined> {
  const { stores } = processOf(scan);
  return (await stores.dependencies.readings(tenantId, listed(n).appId))[0]?.lastUsedAt;
}

it("takes the last uses from a scan of late when the report cannot be read in time", async () => {
  const scan = await slow();
  await scanNow(scan);
  scan.tenant.faults.push({ ...reports });
  expect((await refreshDependencies(processOf(scan)))?.missing).toEqual([]);
  expect(await lastUsed(scan, 2)).toBe(startAt - 200 * day);
  expect(await lastUsed(scan, 4)).toBeNull();
});

it("takes none of an old scan, or of one that had no report: that would look idle", async () => {
  const scan = await slow();
  await scanNow(scan);
  await scan.world.clock.advance(3 * day);
  scan.tenant.faults.push({ ...reports });
  expect((await refreshDependencies(processOf(scan)))?.missing).toEqual(["sign-in activities"]);
  expect(await lastUsed(scan, 2)).toBeNull();
  scan.tenant.faults.push({ ...reports, answer: { retryable: false, status: 403 } });
  await scanNow(scan);
  scan.tenant.faults.push({ ...reports });
  expect((await refreshDependencies(processOf(scan)))?.missing).toEqual(["sign-in activities"]);
});

it("ends within its time although each application is a read, and keeps what it has read by then", async () => {
  const scan = await slow();
  for (let n = 100; n < 200; n++) scan.tenant.add(n, startAt - day);
  scan.tenant.beforeCall = (name) => void (name === "tenant.read" && scan.world.clock.advance(60_000));
  expect((await refreshDependencies(processOf(scan)))?.missing).toEqual(["application proxies"]);
  expect(scan.world.clock.now() - startAt).toBeLessThan(300_000);
  expect(await lastUsed(scan, 150)).toBe(startAt - day);
});
