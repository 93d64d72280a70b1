/** The stage that retires: asked again right before each act, within its hours and caps, apart from containment, and taken back whole. */
import { describe, expect, it } from "vitest";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { requestUndo } from "../../../shared/engine/undo/undo-by-person.ts";
import type { Reservation } from "../../../shared/ports/stores.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { applicationId, guid, leak, servicePrincipalId, victim } from "../../support/harness-cast.ts";
import type { Directory } from "../../support/harness-directory.ts";
import { addFootholds, api, comparable } from "../../support/harness-footholds.ts";
import { disabled, isEnabled, retiring, told, used } from "../../support/harness-retirement.ts";
import { day, hour } from "../../support/harness-world.ts";

const minute = 60_000;
const disable = "disable-unused-identity";
const removal = "delete-unused-identity";
const noticeMs = 14 * day;

async function stageOf(harness: Harness, playbook = disable) {
  return harness.stage("retire", playbook);
}

async function takeBack(harness: Harness, playbook: string): Promise<void> {
  const found = await findPlan(harness.tables, (await harness.plan(playbook)).planId);
  await requestUndo(harness.tables, found, { by: "ada", reason: "we need it" });
}

/** As the tables hold them. */
async function reserved(harness: Harness): Promise<readonly Reservation[]> {
  const { policy, stores } = harness.process.services;
  const probe = { planId: "probe", playbook: "probe", at: harness.clock.now(), fresh: false };
  return (await stores.reservations.reserve(policy.tenantId, probe, () => false)).held;
}

function urgent(harness: Harness): readonly string[] {
  return harness.world.told.filter(({ urgency }) => urgency === "page").map(({ event }) => event);
}

describe("the mode of the stage", () => {
  it("observes as it is shipped: nothing is written when the notice is over", async () => {
    const harness = await told(retiring({}, "observe"));
    await harness.run(noticeMs + hour);
    expect([isEnabled(harness), (await stageOf(harness)).status]).toEqual([true, "observed"]);
  });

  it("asks a person, and does what they approved", async () => {
    const harness = await told(retiring({}, "approve"));
    await harness.run(noticeMs + hour);
    expect([isEnabled(harness), (await stageOf(harness)).status]).toEqual([true, "waiting"]);
    await harness.decide("retire");
    await harness.run(hour);
    expect(isEnabled(harness)).toBe(false);
    expect(urgent(harness)).toEqual([]);
  });

  it("runs by itself where it is enforced, as soon as the notice is over, and pages nobody", async () => {
    const harness = await told();
    await harness.run(noticeMs - minute);
    expect(isEnabled(harness)).toBe(true);
    await harness.run(hour);
    expect(isEnabled(harness)).toBe(false);
    expect(urgent(harness)).toEqual([]);
  });
});

describe("the evidence, asked again right before", () => {
  it("calls the plan off when somebody used it at the last moment", async () => {
    const harness = await told();
    await harness.run(noticeMs - 10 * minute);
    used(harness);
    await harness.run(hour);
    expect(isEnabled(harness)).toBe(true);
    expect(await stageOf(harness)).toMatchObject({ status: "cancelled" });
    expect((await stageOf(harness)).reasons.join()).toMatch(/used at/);
  });

  it("is never replaced by an approval: a row that is gone tells nothing, and nothing is done", async () => {
    const harness = await told(retiring({}, "approve"));
    await harness.run(noticeMs + hour);
    harness.tenant.change((directory) => {
      directory.activities = [];
    });
    await harness.decide("retire");
    await harness.run(2 * hour);
    expect(isEnabled(harness)).toBe(true);
    expect((await stageOf(harness)).status).toBe("blocked");
  });

  it("is about that identity alone: an attack on it is none", async () => {
    const harness = await told(retiring({}, "observe"));
    await leaked(harness);
    await harness.run(noticeMs + hour);
    const plan = await harness.plan("contain-compromised-identity");
    expect(plan.stages.map(({ stage, status }) => `${stage} ${status}`)).toContain("contain done");
    expect((await stageOf(harness)).steps.map(({ outcome }) => outcome?.status)).not.toContain("applied");
  });
});

describe("when it happens", () => {
  it("waits for the working hours of a working day", async () => {
    // begun on a Monday at 09:45 UTC, so the notice ends on a Monday
    const workingHours = { from: "13:00", to: "15:00", timeZone: "Europe/Berlin" };
    const harness = await told(retiring({ workingHours, workingDays: ["Tue"] }));
    await harness.run(noticeMs + day);
    expect([isEnabled(harness), (await stageOf(harness)).status]).toEqual([true, "deferred"]);
    await harness.run(3 * hour);
    expect(isEnabled(harness)).toBe(false);
  });

  it("waits for the next day when the caps are used up, and asks nobody", async () => {
    const harness = await told(retiring({ perDay: 1 }));
    await harness.run(noticeMs - hour);
    const { policy, stores } = harness.process.services;
    const other = { planId: "another", playbook: disable, at: harness.clock.now(), fresh: false } as const;
    await stores.reservations.reserve(policy.tenantId, { ...other, retire: "disabled" }, () => true);
    await harness.run(2 * hour);
    expect([isEnabled(harness), (await stageOf(harness)).status]).toEqual([true, "deferred"]);
    await harness.run(day);
    expect(isEnabled(harness)).toBe(false);
  });

  it("asks about what can take the tenant", async () => {
    const policy = retiring();
    const harness = await told({ ...policy, protected: { ...policy.protected, tier0: [victim.appId] } });
    await harness.run(noticeMs + hour);
    expect([isEnabled(harness), (await stageOf(harness)).status]).toEqual([true, "waiting"]);
    expect((await stageOf(harness)).people).toBe(2);
  });
});

describe("retired is not contained", () => {
  it("leaves the blast radius, the block list and the incident's standing alone", async () => {
    const harness = await disabled();
    const incident = harness.world.told.filter(({ event }) => event === "identity.contained");
    expect(incident).toEqual([]);
    expect((await reserved(harness)).every(({ retire }) => retire !== undefined)).toBe(true);
  });

  it("is not enabled by a restore while it is contained, too", async () => {
    const harness = await disabled();
    const { record, copy } = leak({ at: harness.clock.now() - 10 * minute });
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    await harness.deliver(record);
    await harness.run(hour);
    await takeBack(harness, disable);
    await harness.run(hour);
    expect(isEnabled(harness)).toBe(false);
  });
});

const user = guid(960);

/** Users, groups and clients that are assigned to it, and grants on it. */
function addAccess(directory: Directory): void {
  directory.users.push({ id: user });
  const to = { resourceId: servicePrincipalId, appRoleId: guid(961) };
  directory.appRoleAssignments.push({ ...to, id: "user", principalId: user, principalType: "User" });
  directory.appRoleAssignments.push({ ...to, id: "client", principalId: api, principalType: "ServicePrincipal" });
  const on = { clientId: api, resourceId: servicePrincipalId, scope: "user_impersonation" };
  directory.grants.push({ ...on, id: "on it", consentType: "AllPrincipals", principalId: null });
}

describe("a deletion", () => {
  async function gone() {
    const harness = await Harness.start(retiring());
    harness.tenant.change((directory) => {
      addFootholds(directory);
      addAccess(directory);
    });
    await told(retiring(), harness);
    await harness.run(noticeMs + day / 2);
    const before = comparable(harness.tenant.directory);
    await harness.run(31 * day);
    return { harness, before };
  }

  it("takes the objects and all that is on them, and its undo brings every one of them back", async () => {
    const { harness, before } = await gone();
    const { directory } = harness.tenant;
    expect(directory.applications.some(({ id }) => id === applicationId)).toBe(false);
    expect(directory.appRoleAssignments.filter(({ resourceId }) => resourceId === servicePrincipalId)).toEqual([]);
    expect(urgent(harness)).toEqual([]);
    await takeBack(harness, removal);
    await harness.run(hour);
    expect(comparable(harness.tenant.directory)).toEqual(before);
  });

  it("gives back what can be given back when a user who had access is gone, and says so", async () => {
    const { harness } = await gone();
    harness.tenant.change((directory) => {
      directory.users = [];
    });
    await takeBack(harness, removal);
    await harness.run(hour);
    const access = harness.tenant.directory.appRoleAssignments.filter(
      ({ resourceId }) => resourceId === servicePrincipalId,
    );
    expect(access.map(({ principalId }) => principalId)).toEqual([api]);
    expect(JSON.stringify(harness.world.told)).toMatch(new RegExp(`${user} is not there any more`));
  });

  it("is called off when somebody enabled it meanwhile", async () => {
    const harness = await disabled();
    await harness.run(29 * day);
    harness.tenant.change(({ servicePrincipals: [own] }) => {
      if (own !== undefined) own.accountEnabled = true;
    });
    await harness.run(2 * day);
    expect(isEnabled(harness)).toBe(true);
  });
});
