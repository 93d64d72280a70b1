/** Undo under the kill switch, in bad weather, on a forged word and too late. */
import { describe, expect, it } from "vitest";
import { throttled, unlicensed } from "../../support/fake-tenant.ts";
import { servicePrincipalId } from "../../support/harness-cast.ts";
import { contained, isDisabled, stepsOf } from "../../support/harness-contained.ts";
import { comparable, everyStep } from "../../support/harness-footholds.ts";
import { putPlan } from "../../support/harness-plans.ts";
import { newSigner } from "../../support/harness-world.ts";
import { setSettings } from "../../support/settings.ts";

const minute = 60_000;
const hour = 60 * minute;
const rolesAt = everyStep.findIndex(({ action }) => action === "remove-app-role-assignments");

describe("the kill switch", () => {
  it("lets our own disable be taken back at once, holds what grants again, and lets that go on when it is off", async () => {
    const harness = await contained();
    await setSettings(harness, { killSwitch: { hours: 1 / 6 } });
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

  it("gives nothing back by a receipt that somebody edited in the tables, and everything else all the same", async () => {
    const harness = await contained();
    const before = harness.tenant.writes.length;
    const tierZero = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8";
    harness.editRow("step|", (row) =>
      JSON.parse(JSON.stringify(row).replaceAll(/"appRoleId":"[^"]*"/g, `"appRoleId":"${tierZero}"`)),
    );
    await harness.undo();
    await harness.run(hour);
    const sent = harness.lines().slice(before);
    expect(sent.join()).not.toContain(tierZero);
    expect(sent.join()).not.toContain("appRoleAssignedTo");
    expect(isDisabled(harness)).toBe(false);
    const failed = (await stepsOf(harness, "undo")).filter(({ outcome }) => outcome?.status === "failed");
    expect(failed.map(({ action, outcome }) => [action, outcome?.reason])).toEqual([
      ["remove-app-role-assignments", expect.stringContaining("was altered since")],
    ]);
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
