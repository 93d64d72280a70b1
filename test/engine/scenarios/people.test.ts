/** People decide: approvals that hold and that do not, denial, silence, the kill switch. */
import { describe, expect, it } from "vitest";
import type { Policy } from "../../../shared/domain/policy.ts";
import type { KillSwitch } from "../../../shared/domain/settings.ts";
import { decideStage } from "../../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { iso, leak, startAt } from "../../support/harness-cast.ts";
import { hour, newSigner, policyWith } from "../../support/harness-world.ts";
import { putSettings } from "../../support/settings.ts";

const minute = 60_000;
const asking: Policy = policyWith({ mode: "approve" });

async function waiting(): Promise<Harness> {
  const harness = await Harness.start(asking);
  await leaked(harness);
  expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
  return harness;
}

function isDisabled(harness: Harness): boolean {
  return harness.tenant.directory.servicePrincipals[0]?.accountEnabled === false;
}

/** By hand; it is in force within 30 s. */
function killSwitch(harness: Harness, change: Partial<KillSwitch> = {}): Promise<void> {
  const now = harness.clock.now();
  const killSwitch = { by: "ada", reason: "drill", at: iso(now), until: iso(now + hour), ...change };
  return putSettings(harness, { killSwitch });
}

describe("an approval", () => {
  it("by another person runs the stage, and says by whom", async () => {
    const harness = await waiting();
    await harness.decide("contain");
    await harness.run();
    expect(isDisabled(harness)).toBe(true);
    expect((await harness.stage("contain")).decidedBy).toMatch(/^ada \(approved at /);
  });

  it("is refused from whoever asked for the plan, and for a stage that does not wait", async () => {
    const harness = await waiting();
    await expect(harness.decide("contain", "approve", "tourniquet")).rejects.toThrow(/cannot approve it/);
    await expect(harness.decide("eradicate")).rejects.toThrow(/does not wait/);
  });

  it("said twice by one person is written once, and the second time says that it is", async () => {
    const harness = await waiting();
    await harness.decide("contain");
    const rows = () => JSON.stringify([...harness.world.data.identities.values()].map((one) => [...one]));
    const before = rows();
    await expect(harness.decide("contain")).rejects.toThrow(/already approved it at .*; the writer is about to act/);
    expect(rows()).toBe(before);
  });

  it.each([
    ["of another plan", { planHash: "another" }, /for another plan/],
    ["of another stage", { stage: "eradicate" }, /for another plan/],
    ["that expired", { expiresAt: iso(startAt - minute) }, /has expired/],
    ["by the requester", { by: "tourniquet" }, /asked for it/],
  ])("%s does not hold, and the waiting stage says so", async (_which, change, says) => {
    const harness = await waiting();
    await harness.decide("contain");
    const { signer } = harness.world;
    const rows = [...harness.world.data.identities.values()].flatMap((one) => [...one]);
    const [key = "", row] = rows.find(([name]) => name.startsWith("approval|")) ?? [];
    const payload = JSON.stringify({ ...JSON.parse(JSON.parse(row?.json ?? "{}").payload), ...change });
    const signature = await signer.sign(payload);
    harness.editRow(key, () => ({ payload, signature }));
    await harness.run();
    expect(harness.tenant.writes).toEqual([]);
    expect((await harness.stage("contain")).reasons.join()).toMatch(says);
  });

  it("with an altered signature does not hold, and says so", async () => {
    const harness = await waiting();
    await harness.decide("contain");
    harness.editRow("approval|", ({ payload }) => ({ payload, signature: "es256.AAAA.BBBB" }));
    await harness.run();
    expect(harness.tenant.writes).toEqual([]);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/signature does not hold/);
    expect(harness.events("stage.awaiting-approval").length).toBeGreaterThan(1);
  });

  it("of a plan whose row was altered runs nothing, and a person is told", async () => {
    const harness = await waiting();
    await harness.decide("contain");
    harness.editRow("plan|", (row) => ({ ...row, payload: String(row.payload).replace("disable", "DISABLE") }));
    await harness.run(hour);
    expect(harness.tenant.writes).toEqual([]);
    expect(harness.events("plan.altered")).toMatchObject([{ urgency: "page" }]);
    await expect(findPlan(harness.tables, (await harness.plan()).planId)).rejects.toThrow(/altered/);
  });

  it("given on rows that have changed since is given on what there is now", async () => {
    const harness = await waiting();
    const found = await findPlan(harness.tables, (await harness.plan()).planId);
    const stale = { ...found, partition: { ...found.partition, rows: new Map(found.partition.rows) } };
    const word = { by: "ada", reason: "yes" };
    await decideStage(harness.tables, found, "contain", "approve", word);
    await expect(decideStage(harness.tables, stale, "contain", "approve", word)).rejects.toThrow(/already approved/);
    stale.partition.rows.clear();
    for (const [key, row] of found.partition.rows) if (!key.startsWith("approval|")) stale.partition.rows.set(key, row);
    await decideStage(harness.tables, stale, "contain", "deny", word);
    await harness.run();
    expect(await harness.stage("contain")).toMatchObject({ status: "cancelled" });
    await expect(decideStage(harness.tables, stale, "contain", "approve", word)).rejects.toThrow(/does not wait/);
  });
});

describe("denial and silence", () => {
  it("a denial cancels the whole plan, and a later update of the same risk does not ask again", async () => {
    const harness = await waiting();
    await harness.decide("contain", "deny");
    await harness.run();
    expect((await harness.plan()).stages.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
    await harness.deliver(leak({ properties: { activityDateTime: iso(harness.clock.now() + minute) } }).record);
    await harness.run(hour);
    expect(await harness.runs()).toHaveLength(1);
    expect(harness.tenant.writes).toEqual([]);
  });

  it("silence reminds people, then expires, and the incident closes", async () => {
    const harness = await waiting();
    await harness.run(5 * hour);
    const told = harness.events("stage.awaiting-approval");
    expect(told.map(({ message }) => message.startsWith("Still waits"))).toEqual([false, true, true, true]);
    expect((await harness.plan()).stages.map(({ status }) => status)).toEqual(["expired", "cancelled"]);
    expect(harness.events("stage.expired")).toHaveLength(1);
    await harness.run(80 * hour);
    expect(harness.events("incident.closed")).toHaveLength(1);
  });

  it("what is seen again after silence asks again: a risk raised anew is not lost in the open incident", async () => {
    const harness = await waiting();
    await harness.run(5 * hour);
    const again = leak({ at: harness.clock.now() - minute });
    harness.tenant.change((directory) => directory.riskDetections.push(again.copy));
    await harness.deliver(again.record, again.record);
    await harness.run();
    await harness.deliver(leak({ at: harness.clock.now() }).record);
    await harness.run();
    const runs = await harness.runs();
    expect(runs.map(({ stages }) => stages[0]?.status)).toEqual(["waiting", "expired"]);
    expect(new Set(runs.map(({ incidentId }) => incidentId)).size).toBe(1);
  });

  it("a Graph hiccup while a stage waits reminds nobody", async () => {
    const harness = await waiting();
    harness.tenant.faults.push({ path: "/servicePrincipals", times: 3, answer: {} });
    await harness.deliver(leak({ id: "other" }).record);
    await harness.run(5 * minute);
    expect(harness.events("stage.awaiting-approval")).toHaveLength(1);
  });
});

describe("the kill switch", () => {
  it("stops every write while it is on, and what it held goes on when it is off", async () => {
    const harness = await Harness.start();
    await killSwitch(harness);
    await leaked(harness);
    await harness.run(30 * minute);
    expect(harness.tenant.writes).toEqual([]);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/kill-switch/);
    await harness.run(40 * minute);
    expect(isDisabled(harness)).toBe(true);
  });

  it.each([
    ["its row is altered", async (harness: Harness) => putSettings(harness, {}, newSigner()), false],
    [
      "it is another tenant's",
      async (harness: Harness) =>
        putSettings(harness, { tenantId: "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11", killSwitch: null }),
      false,
    ],
    ["it has expired", async (harness: Harness) => killSwitch(harness, { until: iso(startAt - 1) }), true],
    [
      "it is older than a switch may be",
      async (harness: Harness) => killSwitch(harness, { at: iso(startAt - 9 * hour), until: iso(startAt + hour) }),
      true,
    ],
  ])("when %s, that frees nobody who could not be freed", async (_when, put, runs) => {
    const harness = await Harness.start();
    await put(harness);
    await leaked(harness);
    expect(isDisabled(harness)).toBe(runs);
  });

  it("stops an approved eradicate between two of its steps", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(minute);
    await harness.decide("eradicate");
    harness.tenant.faults.push({ path: "/keyCredentials", times: 0, answer: {} });
    await killSwitch(harness);
    await harness.run(minute);
    expect(harness.tenant.writes).toHaveLength(1);
    expect(harness.tenant.directory.applications[0]?.passwordCredentials).toHaveLength(2);
  });
});
