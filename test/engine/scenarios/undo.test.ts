/** A person takes back what we did: as a whole or one step, while the kill switch is on, after crashes, and never on a forged word. */
import { describe, expect, it } from "vitest";
import { KillSwitch } from "../../../shared/domain/approval.ts";
import { findPlan } from "../../../shared/engine/decide-by-person.ts";
import { killSwitchName } from "../../../shared/engine/kill-switch-state.ts";
import { previewUndo } from "../../../shared/engine/undo-by-person.ts";
import { throttled, unlicensed } from "../../support/fake-tenant.ts";
import type { Harness } from "../../support/harness.ts";
import { iso, servicePrincipalId, tenantId } from "../../support/harness-cast.ts";
import { addFootholds, api, comparable, everyStep } from "../../support/harness-footholds.ts";
import { apply, observing, putPlan } from "../../support/harness-plans.ts";
import { newSigner } from "../../support/harness-world.ts";

const minute = 60_000;
const hour = 60 * minute;
const rolesAt = everyStep.findIndex(({ action }) => action === "remove-app-role-assignments");

/** Everything was taken from it five minutes ago. */
async function contained(stages?: ("contain" | "eradicate")[]): Promise<Harness & { before?: unknown }> {
  const harness = await observing();
  harness.tenant.change((directory) => addFootholds(directory));
  const before = comparable(harness.tenant.directory);
  const plan = await putPlan(harness, everyStep);
  await apply(harness, plan, stages);
  await harness.clock.advance(5 * minute);
  return Object.assign(harness, { before });
}

function isDisabled(harness: Harness): boolean {
  return harness.tenant.directory.servicePrincipals[0]?.accountEnabled === false;
}

function enable(harness: Harness, accountEnabled = true): void {
  harness.tenant.change(({ servicePrincipals: [principal] }) => {
    if (principal !== undefined) principal.accountEnabled = accountEnabled;
  });
}

async function killSwitch(harness: Harness, forMs: number): Promise<void> {
  const now = harness.clock.now();
  const value = KillSwitch.parse({ tenantId, by: "ada", reason: "drill", at: iso(now), until: iso(now + forMs) });
  const payload = JSON.stringify(value);
  const signature = await harness.world.signer.sign(payload);
  await harness.tables.stores.settings.put(tenantId, killSwitchName, { payload, signature });
}

async function stepsOf(harness: Harness, playbook: string) {
  return (await harness.plan(playbook)).stages.flatMap(({ steps }) => steps);
}

describe("undo of a whole plan", () => {
  it("puts everything back, the last change first, and is a plan of its own that says who asked", async () => {
    const harness = await contained();
    await harness.undo();
    await harness.run(hour);
    expect(comparable(harness.tenant.directory)).toEqual(harness.before);
    const undo = await harness.plan("undo");
    expect(undo).toMatchObject({ requestedBy: "ada", stages: [{ stage: "undo", status: "done" }] });
    expect(undo.stages[0]?.steps.map(({ action }) => action)).toEqual(
      everyStep
        .slice(0, -1)
        .map(({ action }) => action)
        .reverse(),
    );
    expect(undo.stages[0]?.verification?.state).toBe("verified");
    const made = await harness.plan("made-by-a-test");
    expect(made.stages.map(({ status }) => status)).toEqual(["undone", "undone"]);
    const outcomes = made.stages.flatMap(({ steps }) => steps.map(({ outcome }) => outcome?.status));
    expect(outcomes).toEqual([...everyStep.slice(1).map(() => "reverted"), "applied"]);
  });

  it("says before and after what never comes back", async () => {
    const harness = await contained();
    const found = await findPlan(harness.tables, (await harness.plan()).planId);
    const { lost, stays } = await previewUndo(harness.tables, found, null);
    expect([...lost, ...stays].join()).toMatch(/assignment-0.*remove-password-credentials/);
    expect(await harness.runs()).toHaveLength(2);
    await harness.undo();
    await harness.run(hour);
    const [told] = harness.events("plan.reverted");
    expect(told).toMatchObject({ urgency: "page", data: { neverBack: [...lost, ...stays] } });
    expect(told?.message).toContain("ada took back what we did (false alarm)");
  });

  it("ends what still waits of the plan, and what it did until then is undone", async () => {
    const harness = await contained(["contain"]);
    await harness.undo();
    await harness.run(hour);
    expect(isDisabled(harness)).toBe(false);
    expect((await harness.plan("made-by-a-test")).stages.map(({ status }) => status)).toEqual(["undone", "cancelled"]);
    expect(comparable(harness.tenant.directory)).toEqual(harness.before);
  });

  it("is done once: a second delivery neither changes nor tells anything, and there is nothing to ask for any more", async () => {
    const harness = await contained();
    await harness.undo();
    await harness.run(hour);
    enable(harness, false);
    const writes = harness.tenant.writes.length;
    const { planId, identity } = await harness.plan("undo");
    harness.world.hub.push({ kind: "stage", identity, planId, stage: "undo", verifies: false });
    await harness.run(hour);
    expect(harness.tenant.writes).toHaveLength(writes);
    expect(harness.events("plan.reverted")).toHaveLength(1);
    await expect(harness.undo()).rejects.toThrow(/nothing that could be taken back/);
  });

  it("is refused while another is at work on it", async () => {
    const harness = await contained();
    await harness.undo();
    await expect(harness.undo()).rejects.toThrow(/being taken back already, by plan .*, as ada asked/);
  });

  it("leaves a freshly changed object alone until the reads can be trusted", async () => {
    const harness = await observing();
    const [disable] = everyStep;
    if (disable === undefined) throw new Error("no step");
    await apply(harness, await putPlan(harness, [disable]));
    harness.tenant.lagMs = minute;
    await harness.undo();
    await harness.run(30 * minute);
    expect(isDisabled(harness)).toBe(false);
    expect(harness.events("undo.paused")).toEqual([]);
  });
});

describe("undo of one step", () => {
  it("takes back that step alone", async () => {
    const harness = await contained();
    await harness.undo(rolesAt);
    await harness.run(hour);
    expect(harness.tenant.directory.appRoleAssignments).toHaveLength(2);
    expect(harness.tenant.directory.grants).toEqual([]);
    expect(isDisabled(harness)).toBe(true);
    expect((await harness.plan("made-by-a-test")).stages.map(({ status }) => status)).toEqual(["done", "done"]);
    await expect(harness.undo(rolesAt)).rejects.toThrow(/nothing that could be taken back/);
  });

  it("is refused for one that cannot be taken back, and for one that is not there", async () => {
    const harness = await contained();
    await expect(harness.undo(everyStep.length - 1)).rejects.toThrow(/this stays: remove-password-credentials/);
    await expect(harness.undo(99)).rejects.toThrow(/no step 100, only 9/);
  });
});

describe("what somebody changed since", () => {
  it("is a conflict that is told, nothing of it is overwritten, and the rest goes on", async () => {
    const harness = await contained();
    harness.tenant.change((directory) => {
      directory.servicePrincipals = directory.servicePrincipals.filter(({ id }) => id !== api);
    });
    await harness.undo();
    await harness.run(hour);
    const outcomes = (await stepsOf(harness, "undo")).map(({ action, outcome }) => [action, outcome?.status]);
    expect(outcomes).toContainEqual(["remove-app-role-assignments", "failed"]);
    expect(outcomes).toContainEqual(["remove-owners", "applied"]);
    expect(isDisabled(harness)).toBe(false);
    expect(harness.events("stage.failed").at(-1)?.message).toMatch(/conflict/);
    expect((await harness.plan("made-by-a-test")).stages.map(({ status }) => status)).toEqual(["undone", "done"]);
  });

  it("can be asked again once the conflict is gone", async () => {
    const harness = await contained();
    const [resource] = harness.tenant.directory.servicePrincipals.filter(({ id }) => id === api);
    harness.tenant.change((directory) => {
      directory.servicePrincipals = directory.servicePrincipals.filter(({ id }) => id !== api);
    });
    await harness.undo(rolesAt);
    await harness.run(hour);
    harness.tenant.change((directory) => void (resource && directory.servicePrincipals.push(resource)));
    await harness.undo(rolesAt);
    await harness.run(hour);
    expect(harness.tenant.directory.appRoleAssignments).toHaveLength(2);
  });

  it("and was taken back by somebody else is left as it is, and counts as taken back", async () => {
    const harness = await contained(["contain"]);
    enable(harness);
    await harness.undo();
    await harness.run(hour);
    expect(harness.lines().filter((line) => line.includes('"accountEnabled":true'))).toEqual([]);
    expect((await stepsOf(harness, "made-by-a-test"))[0]?.outcome).toMatchObject({
      status: "reverted",
      reason: expect.stringContaining("as before already"),
    });
  });
});

describe("the kill switch", () => {
  it("lets our own disable be taken back at once, holds what grants again, and lets that go on when it is off", async () => {
    const harness = await contained();
    await killSwitch(harness, 10 * minute);
    await harness.undo();
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(false);
    expect(harness.tenant.directory.appRoleAssignments).toEqual([]);
    expect(harness.events("undo.paused")).toMatchObject([{ urgency: "page" }]);
    expect(harness.events("undo.paused")[0]?.message).toContain("the kill switch is on");
    await harness.run(hour);
    expect(comparable(harness.tenant.directory)).toEqual(harness.before);
  });
});

describe("an undo that does not get on", () => {
  it("says so at once, and again only when the reason changes", async () => {
    const harness = await contained(["contain"]);
    const path = `/servicePrincipals/${servicePrincipalId}`;
    harness.tenant.faults.push({ method: "PATCH", path, times: 4, answer: throttled });
    await harness.undo();
    await harness.run(2 * minute);
    expect(isDisabled(harness)).toBe(false);
    expect(harness.events("undo.paused")).toHaveLength(1);
  });

  it("says so at once when Graph cannot be read, and goes on when it can", async () => {
    const harness = await contained(["contain"]);
    harness.tenant.faults.push({ method: "GET", path: "/servicePrincipals", answer: {} });
    await harness.undo();
    await harness.run(minute);
    expect(harness.events("undo.paused")).toHaveLength(1);
    harness.tenant.faults.length = 0;
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(false);
  });

  it("keeps nothing switched off because another step is throttled or refused", async () => {
    const harness = await contained();
    harness.tenant.faults.push({ method: "POST", path: "appRoleAssignedTo", answer: throttled });
    harness.tenant.faults.push({ method: "POST", path: "oauth2PermissionGrants", answer: unlicensed });
    await harness.undo();
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(false);
    harness.tenant.faults.length = 0;
    await harness.run(hour);
    const failed = (await stepsOf(harness, "undo")).filter(({ outcome }) => outcome?.status === "failed");
    expect(failed.map(({ action }) => action)).toEqual(["remove-delegated-grants"]);
    expect(harness.tenant.directory.appRoleAssignments).toHaveLength(2);
    expect(harness.events("stage.failed").at(-1)).toMatchObject({ urgency: "page" });
  });
});

describe("a word that is nobody's, or too old", () => {
  it("is not followed when the plan is signed by another key", async () => {
    const harness = await contained();
    const signer = newSigner();
    await harness.undo();
    const { planId } = await harness.plan("undo");
    const rows = harness.world.data.identities.get((await harness.plan()).identity);
    const { payload } = JSON.parse(rows?.get(`plan|${planId}`)?.json ?? "{}");
    const signature = await signer.sign(payload);
    const writes = harness.tenant.writes.length;
    harness.editRow(`plan|${planId}`, () => ({ payload, signature }));
    await harness.run(hour);
    expect(harness.tenant.writes).toHaveLength(writes);
    expect(harness.events("plan.altered")).toHaveLength(1);
    // nor does it keep a person from asking
    await harness.undo();
    await harness.run(hour);
    expect(isDisabled(harness)).toBe(false);
  });

  it.each([
    ["no person asked", { requestedBy: "tourniquet" }, /no person asked/],
    ["it names a step that is not there", {}, /has no such step/],
  ])("is not followed when %s, though it is signed", async (_why, change, says) => {
    const harness = await contained(["contain"]);
    const { planId } = await harness.plan("made-by-a-test");
    const index = Object.keys(change).length > 0 ? 0 : rolesAt;
    const undoes = { planId, index };
    const steps = [{ action: "disable-service-principal", stage: "undo" as const, undoes }];
    const forged = await putPlan(harness, steps, { playbook: "undo", requestedBy: "ada", ...change });
    const { identity } = await harness.plan();
    harness.world.hub.push({ kind: "stage", identity, planId: forged.id, stage: "undo", verifies: false });
    await harness.run(hour);
    expect(isDisabled(harness)).toBe(true);
    const { reasons, steps: ran } = (await harness.plan("undo")).stages[0] ?? { reasons: [], steps: [] };
    expect([...reasons, ...ran.map(({ outcome }) => outcome?.reason)].join()).toMatch(says);
  });

  it("does not act a day later, and says so", async () => {
    const harness = await contained(["contain"]);
    await harness.undo();
    await harness.clock.advance(25 * hour);
    await harness.run(hour);
    expect(isDisabled(harness)).toBe(true);
    expect(harness.events("stage.blocked").at(-1)).toMatchObject({ urgency: "page" });
    await harness.undo();
    await harness.run(hour);
    expect(isDisabled(harness)).toBe(false);
  });
});

describe("a step of another plan that takes one back", () => {
  it("runs beside ordinary steps, in the plan that a person started", async () => {
    const harness = await contained();
    const { planId } = await harness.plan("made-by-a-test");
    const original = everyStep[rolesAt];
    if (original === undefined) throw new Error("no step");
    const steps = [{ ...original, stage: "undo" as const, undoes: { planId, index: rolesAt } }];
    const made = await putPlan(harness, steps, { playbook: "dismiss", requestedBy: "ada" });
    await apply(harness, made);
    expect(harness.tenant.directory.appRoleAssignments).toHaveLength(2);
    expect((await stepsOf(harness, "made-by-a-test"))[rolesAt]?.outcome?.status).toBe("reverted");
  });
});
