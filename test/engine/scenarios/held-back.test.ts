/** What holds us back: groups above the blast radius, the breaker, one actor's burst, attributes, late leaks, permissions. */
import { describe, expect, it } from "vitest";
import { noteRevert } from "../../../shared/engine/judge/breaker.ts";
import { approveGroup, findGroup, freezeGroup } from "../../../shared/engine/people/decisions/groups.ts";
import { protect, readProtectionState, unprotect } from "../../../shared/engine/people/settings/protect-by-person.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { addIdentity, another, appId, credentialAdded, leak, self, startAt } from "../../support/harness-cast.ts";
import { hour, policyWith, readDependencies } from "../../support/harness-world.ts";
import { setSettings } from "../../support/settings.ts";

const minute = 60_000;
const word = { by: "ada", reason: "campaign" };
const admin = { ...word, roles: ["Tourniquet.Admin"] } as const;

async function campaign(count: number, harness?: Harness): Promise<Harness> {
  const made = harness ?? (await Harness.start());
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  await readDependencies(made.world, [appId, ...numbers.map((n) => another(n).appId)]);
  for (const n of numbers) {
    const { record, copy } = leak({ id: `detection-${n}`, ...another(n) });
    made.tenant.change((directory) => {
      addIdentity(directory, another(n));
      directory.riskDetections.push(copy);
    });
    await made.deliver(record);
  }
  await made.run();
  return made;
}

function disabled({ tenant }: Harness): number {
  return tenant.directory.servicePrincipals.filter((one) => one.accountEnabled === false).length;
}

describe("what is above the blast radius", () => {
  it("is one frozen list that a person approves at once, and what came later is not on it", async () => {
    const harness = await campaign(6);
    expect(disabled(harness)).toBe(3);
    const group = await freezeGroup(harness.tables);
    expect(group?.members).toHaveLength(3);
    expect(group?.members[0]?.requests.join()).toMatch(/PATCH .*accountEnabled/);
    const late = leak({ id: "late" });
    harness.tenant.change((directory) => directory.riskDetections.push(late.copy));
    await harness.deliver(late.record);
    await harness.run();
    const frozen = await findGroup(harness.tables, group?.id ?? "");
    const decided = await approveGroup(harness.tables, frozen, word);
    expect(decided).toMatchObject({ approved: { length: 3 }, skipped: [] });
    await harness.run(minute);
    expect(disabled(harness)).toBe(6);
    const { status, reasons } = await harness.stage("contain");
    expect(status).toBe("waiting");
    expect(reasons.join()).toMatch(/blast-radius/);
  });

  it("takes two people when it is long, and each plan carries both approvals", async () => {
    const harness = await campaign(15);
    const group = await freezeGroup(harness.tables);
    if (group === null) throw new Error("nothing waits");
    expect(group.members).toHaveLength(12);
    await approveGroup(harness.tables, group, word);
    await harness.run(minute);
    expect(disabled(harness)).toBe(3);
    expect((await freezeGroup(harness.tables))?.id).toBe(group.id);
    await approveGroup(harness.tables, group, { by: "grace", reason: "seen" });
    await harness.run(minute);
    expect(disabled(harness)).toBe(15);
  });

  it("of an altered list approves nothing", async () => {
    const harness = await campaign(5);
    const group = await freezeGroup(harness.tables);
    harness.editRow("group|", (row) => ({ ...row, payload: String(row.payload).replace("contain", "retain") }));
    await expect(findGroup(harness.tables, group?.id ?? "")).rejects.toThrow(/no group/);
  });
});

describe("the breaker", () => {
  it("lowers the mode when people took back two disables, pages once, and says when it is over", async () => {
    const harness = await Harness.start();
    const { services } = harness.process;
    await noteRevert(services, { planId: "plan-1", by: "ada" });
    await noteRevert(services, { planId: "plan-1", by: "ada" });
    await noteRevert(services, { planId: "plan-9", by: "tourniquet" });
    expect(harness.events("breaker.tripped")).toEqual([]);
    await noteRevert(services, { planId: "plan-2", by: "grace" });
    await leaked(harness);
    expect(harness.events("breaker.tripped")).toMatchObject([{ urgency: "page" }]);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/breaker: people took back our disables/);
    expect(disabled(harness)).toBe(0);
    await harness.run(25 * hour);
    expect(harness.events("breaker.over")).toHaveLength(1);
    expect(harness.events("breaker.tripped")).toHaveLength(1);
  });
});

describe("an undo by a person", () => {
  it("counts for the breaker once for every plan whose disable it took back", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(5 * minute);
    await noteRevert(harness.process.services, { planId: "another", by: "grace" });
    await harness.undo();
    await harness.run(10 * minute);
    expect(disabled(harness)).toBe(0);
    expect(harness.events("breaker.tripped")).toHaveLength(1);
  });
});

describe("one actor behind many findings", () => {
  it("makes them wait for a person, and is named to people once", async () => {
    const harness = await Harness.start(policyWith({ mode: "approve" }));
    const mallory = another(99);
    await harness.tables.stores.aliases.learn({
      tenantId: policyWith().tenantId,
      appId: mallory.appId,
      servicePrincipalId: mallory.servicePrincipalId,
      applicationObjectId: null,
    });
    for (let n = 1; n <= 10; n++) {
      const { record } = credentialAdded({ id: `audit-${n}`, objectId: another(n).applicationId });
      const { properties } = record as { properties: Record<string, unknown> };
      properties.initiatedBy = { app: { servicePrincipalId: mallory.servicePrincipalId, appId: null }, user: null };
      harness.tenant.change((directory) => addIdentity(directory, another(n)));
      await harness.deliver(record);
    }
    await harness.run(30 * minute);
    expect(harness.events("actor.burst")).toMatchObject([{ urgency: "page" }]);
    expect(harness.events("actor.burst")[0]?.message).toContain(mallory.servicePrincipalId);
    const onActor = harness.events("finding.created").filter(({ identity }) => identity.appId === mallory.appId);
    expect(onActor).toHaveLength(1);
    const waits = (await harness.runs()).flatMap(({ stages }) => stages[0]?.reasons.join() ?? "");
    expect(waits.some((reasons) => reasons.includes("one-actor-burst"))).toBe(true);
  });
});

describe("an attribute that protects", () => {
  const attribute = { set: "Tourniquet", name: "protection", never: ["never"], ask: ["ask"] };
  const policy = policyWith({ protected: { ...policyWith().protected, attribute } });

  it.each([
    ["never", { Tourniquet: { protection: "never" } }, "blocked"],
    ["ask, among others", { Tourniquet: { protection: ["x", "ask"] } }, "waiting"],
    ["none", null, "done"],
    ["another", { Other: { protection: "never" } }, "done"],
    ["one we may not see", undefined, "waiting"],
  ])("%s", async (_which, customSecurityAttributes, status) => {
    const harness = await Harness.start(policy);
    harness.tenant.change(({ servicePrincipals: [principal] }) => {
      if (principal !== undefined && customSecurityAttributes !== undefined)
        Object.assign(principal, { customSecurityAttributes });
    });
    await leaked(harness);
    expect(await harness.stage("contain")).toMatchObject({ status });
  });
});

describe("a leak that comes after the rotation", () => {
  it("stops nobody: it is closed as remediated", async () => {
    const harness = await Harness.start();
    harness.tenant.change(({ applications: [application] }) => {
      if (application !== undefined) application.passwordCredentials = application.passwordCredentials.slice(1);
    });
    await leaked(harness);
    await harness.run(hour);
    expect(disabled(harness)).toBe(0);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/already-remediated/);
    await harness.run(80 * hour);
    expect(harness.events("incident.closed")).toHaveLength(1);
  });

  it("asks when a credential was added since", async () => {
    const harness = await Harness.start();
    harness.tenant.change(({ applications: [application] }) => {
      const [leakedOne, ...rest] = application?.passwordCredentials ?? [];
      if (application === undefined || leakedOne === undefined) throw new Error("no such secret");
      application.passwordCredentials = rest.map((one) => ({ ...one, startDateTime: new Date(startAt).toISOString() }));
    });
    await leaked(harness);
    expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
  });
});

describe("our own permissions", () => {
  it("are looked at before anything is written, and what is missing is named", async () => {
    const harness = await Harness.start();
    harness.tenant.self = { ...self, roles: ["Directory.Read.All"] };
    await leaked(harness);
    expect(harness.tenant.writes).toEqual([]);
    const { status, reasons } = await harness.stage("contain");
    expect(status).toBe("blocked");
    expect(reasons.join()).toMatch(/permitted: .*ReadWrite\.All \(disable-service-principal\)/);
  });
});

describe("what people say at run time", () => {
  it("protects an identity until somebody takes that back, and never what the file protects", async () => {
    const harness = await Harness.start();
    await protect(harness.tables, appId.toUpperCase(), "never", admin, null);
    expect((await readProtectionState(harness.tables)).entries).toMatchObject([{ id: appId, how: "never", by: "ada" }]);
    await expect(protect(harness.tables, "Billing export", "ask", admin, null)).rejects.toThrow(/never a name/);
    await leaked(harness);
    expect(await harness.stage("contain")).toMatchObject({ status: "blocked" });
    await unprotect(harness.tables, appId, admin, null);
    await expect(unprotect(harness.tables, appId, admin, null)).rejects.toThrow(/only there/);
  });

  it("asks about everything when the list was altered", async () => {
    const harness = await Harness.start();
    await protect(harness.tables, another(1).appId, "ask", admin, null);
    harness.editRow("protections", (row) => ({ ...row, signature: "es256.AAAA.BBBB" }));
    await leaked(harness);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/was altered/);
  });

  it("throws the kill switch for as long as the policy lets it last, and says so to everybody", async () => {
    const harness = await Harness.start();
    for (const hours of [9, Number.NaN, 0, -1]) {
      await expect(setSettings(harness, { killSwitch: { hours } })).rejects.toThrow(/up to 8 hours/);
    }
    await setSettings(harness, { killSwitch: { hours: 1 } });
    await leaked(harness);
    expect(disabled(harness)).toBe(0);
    expect(harness.events("kill-switch.on")).toMatchObject([{ urgency: "page" }]);
    await setSettings(harness, {});
    await harness.run(2 * minute);
    expect(disabled(harness)).toBe(1);
  });
});
