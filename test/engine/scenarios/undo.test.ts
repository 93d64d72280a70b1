/** A person takes back what we did: as a whole or one step, once, and never over what somebody changed since. */
import { describe, expect, it } from "vitest";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { previewUndo } from "../../../shared/engine/undo/undo-by-person.ts";
import { contained, enable, isDisabled, stepsOf } from "../../support/harness-contained.ts";
import { api, comparable, everyStep } from "../../support/harness-footholds.ts";
import { apply, observing, putPlan } from "../../support/harness-plans.ts";

const minute = 60_000;
const hour = 60 * minute;
const rolesAt = everyStep.findIndex(({ action }) => action === "remove-app-role-assignments");

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
    await expect(harness.undo(99)).rejects.toThrow(/no step of index 99; its steps go from 0 to 8/);
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
