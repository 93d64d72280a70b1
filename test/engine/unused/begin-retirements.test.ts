import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { Retirement } from "../../../shared/domain/retirement.ts";
import { sayWord } from "../../../shared/engine/unused/words/say-word.ts";
import type { Notice } from "../../../shared/ports/outbox.ts";
import { unlicensed } from "../../support/fake-tenant.ts";
import { iso, startAt, tenantId } from "../../support/harness-cast.ts";
import { day, type Listed, listed } from "../../support/listed-tenant.ts";
import { goOn, processOf, retiring, type ScanWorld, scanNow, scanWorld } from "./scan-world.ts";

const owner = "99999999-0000-4000-8000-000000000001";

function rowsOf({ world }: ScanWorld, n: number): ReadonlyMap<string, unknown> {
  const rows = world.data.identities.get(identityKey(tenantId, listed(n).appId)) ?? new Map();
  return new Map([...rows].map(([key, { json }]) => [key, JSON.parse(json)]));
}

function begun(scan: ScanWorld): readonly number[] {
  return [2, 3, 4, 5, 9, 10, 11].filter((n) => rowsOf(scan, n).has("retirement"));
}

function noticesOf(scan: ScanWorld, n: number, event: string): readonly Notice[] {
  const rows = [...rowsOf(scan, n)].filter(([key]) => key.startsWith("out|"));
  return rows.map(([, value]) => (value as { notice: Notice }).notice).filter((notice) => notice.event === event);
}

/** Some more that nobody used for so many days. */
function addUnused({ tenant }: ScanWorld, ...days: readonly number[]): readonly Listed[] {
  return days.map((ago, i) => tenant.add(9 + i, startAt - ago * day));
}

describe("who is begun", () => {
  it("gets an incident, a plan for the end of the notice, a row, and a notice to its owners, all at once", async () => {
    const scan = await scanWorld();
    scan.tenant.owners.set(listed(3).objectId, [{ id: owner, "@odata.type": "#microsoft.graph.user" }]);
    await scanNow(scan);
    const rows = rowsOf(scan, 3);
    const row = Retirement.parse(rows.get("retirement"));
    expect(row).toMatchObject({
      state: "told",
      lastUsedAt: iso(startAt - 600 * day),
      owners: [{ objectId: owner, type: "#microsoft.graph.user" }],
      privileges: ["directory role 62e90394-69f5-4237-9190-012177145e10"],
    });
    expect(row.planIds).toHaveLength(1);
    const [plan] = [...rows]
      .filter(([key]) => key.startsWith("plan|"))
      .map(([, one]) => JSON.parse((one as { payload: string }).payload));
    expect(Date.parse(plan.notBefore) - Date.parse(row.toldAt)).toBe(14 * day);
    const [notice] = noticesOf(scan, 3, "unused.told");
    expect(notice).toMatchObject({
      recipients: [owner],
      urgency: "chat",
      incidentId: row.incidentId,
      planId: row.planIds[0],
    });
    expect(notice?.message).toContain(`/api/unused/appId:${listed(3).appId}/keep`);
    const due = await processOf(scan).stores.due.all(tenantId);
    expect(due.map(({ id }) => id)).toContain(`retirement|${identityKey(tenantId, listed(3).appId)}`);
    expect(noticesOf(scan, 2, "unused.told")[0]?.message).toContain("nobody owns it");
  });

  it("is begun once, however often a scan finds it", async () => {
    const scan = await scanWorld();
    await scanNow(scan);
    await scan.world.clock.advance(day);
    scan.tenant.use(1, scan.world.clock.now());
    await scanNow(scan);
    expect(noticesOf(scan, 3, "unused.told")).toHaveLength(1);
    expect(noticesOf(scan, 3, "finding.created")).toHaveLength(1);
  });

  it("goes by privileges, then by how long nobody used it, and stops at the day's cap", async () => {
    const scan = await scanWorld(retiring({ perDay: 2 }));
    addUnused(scan, 350, 150);
    await scanNow(scan);
    expect(begun(scan)).toEqual([3, 9]);
    await scan.world.clock.advance(day);
    await goOn(scan, processOf(scan));
    expect(begun(scan)).toEqual([2, 3, 9, 10]);
  });

  it("goes by the percentage of the service principals, too", async () => {
    const scan = await scanWorld(retiring({ percent: 1 }));
    await scanNow(scan);
    expect(begun(scan)).toEqual([3]);
  });
});

describe("nobody is begun", () => {
  it.each([
    ["while the policy observes", retiring({}, { mode: "observe" })],
    ["on a day that is none of the working days", retiring({ workingDays: ["Tue"] })],
    ["outside the working hours", retiring({ workingHours: { from: "11:00", to: "12:00", timeZone: "UTC" } })],
    ["in the dry period", retiring({ dryDays: 14 })],
    [
      "whom the policy holds",
      retiring({ holds: [2, 3].map((n) => ({ id: listed(n).appId, until: "2027-01-01", reason: "audit" })) }),
    ],
    ["without places", retiring({ perDay: 0 })],
  ])("%s", async (_, policy) => {
    const scan = await scanWorld(policy);
    await scanNow(scan);
    expect(begun(scan)).toEqual([]);
    expect([...scan.world.data.identities.keys()].filter((key) => key.includes(listed(3).appId))).toEqual([]);
  });

  it("before it was unused in every scan for the dry period; one that only reports neither begins nor ends that", async () => {
    const scan = await scanWorld(
      retiring({ dryDays: 3, workingDays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] }),
    );
    const { clock } = scan.world;
    const days = async (report: "read" | "missing") => {
      if (report === "missing")
        scan.tenant.faults.push({ path: /servicePrincipalSignIn/, times: 1, answer: unlicensed });
      else scan.tenant.use(1, clock.now());
      await scanNow(scan);
      await clock.advance(day);
    };
    await days("missing");
    for (const report of ["read", "missing", "read"] as const) await days(report);
    expect(begun(scan)).toEqual([]);
    // used once more: its days begin anew, those of the other do not
    scan.tenant.use(2, clock.now() - 100 * day);
    scan.tenant.use(2, clock.now());
    await days("read");
    expect(begun(scan)).toEqual([3]);
  });

  it("who only a close look shows to be called by others, or disabled", async () => {
    const scan = await scanWorld();
    const client = { principalId: listed(1).principalId, principalType: "ServicePrincipal" };
    scan.tenant.assigned.set(listed(2).principalId, [client]);
    scan.tenant.beforeCall = (name) => {
      const row = scan.tenant.lists.servicePrincipals.find(({ id }) => id === listed(3).principalId);
      if (name === "tenant.read" && row !== undefined) Object.assign(row, { accountEnabled: false });
    };
    await scanNow(scan);
    expect(begun(scan)).toEqual([]);
  });

  it("whose close look shows privileges that ask for a longer time", async () => {
    const scan = await scanWorld();
    scan.tenant.held.set(listed(2).principalId, [{ appRoleId: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8" }]);
    await scanNow(scan);
    expect(begun(scan)).toEqual([3]);
  });

  it("who cannot be looked at now; they are, later, and hold nobody up", async () => {
    const scan = await scanWorld();
    const path = new RegExp(`${listed(3).principalId}/owners`);
    scan.tenant.faults.push({ path, times: 2, answer: { status: 503 } });
    await scanNow(scan);
    expect(begun(scan)).toEqual([2]);
    await goOn(scan, processOf(scan), 5);
    expect(begun(scan)).toEqual([2, 3]);
  });

  it("whom somebody kept after the scan found them unused", async () => {
    const scan = await scanWorld(retiring({ workingHours: { from: "13:00", to: "17:00", timeZone: "UTC" } }));
    await scanNow(scan);
    const word = { tenantId, kind: "keep", by: "ada", reason: "quarterly", until: null, asOwner: false } as const;
    await sayWord(processOf(scan), { ...word, appId: listed(3).appId, at: iso(scan.world.clock.now()) });
    await scan.world.clock.advance(4 * 3600_000);
    await goOn(scan, processOf(scan));
    expect(begun(scan)).toEqual([2]);
  });
});

describe("credentials of used identities", () => {
  it("are proposed one by one, a few a day, and the same one once", async () => {
    const scan = await scanWorld();
    const secret = (n: number, endDateTime: string) => ({
      keyId: `44444444-0000-4000-8000-00000000000${n}`,
      startDateTime: "2023-01-01T00:00:00Z",
      endDateTime,
    });
    const passwordCredentials = [
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => secret(n, "2025-06-01T00:00:00Z")),
      secret(8, "2027-01-01T00:00:00Z"),
    ];
    scan.tenant.add(9, startAt - day, { application: { passwordCredentials } });
    await scanNow(scan);
    const findings = () => [...rowsOf(scan, 9).keys()].filter((key) => key.startsWith("finding|")).length;
    expect(findings()).toBe(5);
    await scan.world.clock.advance(day);
    scan.tenant.use(9, scan.world.clock.now());
    await scanNow(scan);
    expect(findings()).toBe(7);
  });
});
