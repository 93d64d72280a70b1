/** Approving and denying over the API: who may, of what they saw, and once. */
import { describe, expect, it } from "vitest";
import type { Caller } from "../../../shared/domain/caller.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import { Draft, loadPartition } from "../../../shared/engine/rows/partition.ts";
import { stepRow } from "../../../shared/engine/rows/plans.ts";
import { rowKey } from "../../../shared/engine/rows/rows.ts";
import { type ApiAnswer, apiOn, apiServices, type CallApi } from "../../support/api.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { addIdentity, another, appId, leak } from "../../support/harness-cast.ts";
import { policyWith, readDependencies } from "../../support/harness-world.ts";
import { callerWith } from "../../support/principal.ts";

const approver = callerWith(["Tourniquet.Approver"], 1);
const second = callerWith(["Tourniquet.Approver"], 2);
const admin = callerWith(["Tourniquet.Admin"], 3);

interface Desk {
  readonly harness: Harness;
  readonly call: CallApi;
  readonly planId: string;
  readonly planHash: string;
  decide(as: Caller, decision?: "approve" | "deny", change?: object): Promise<ApiAnswer>;
}

async function waiting(change: Partial<Policy> = {}): Promise<Desk> {
  const harness = await Harness.start(policyWith({ mode: "approve", ...change }));
  await leaked(harness);
  const call = apiOn(apiServices(harness.process.services));
  const { planId } = await harness.plan();
  const shown = await call("GET", `/runs/${planId}`, { as: approver });
  const planHash = String((shown.body as { hash: unknown }).hash);
  const decide = (as: Caller, decision = "approve", other: object = {}) =>
    call("POST", `/runs/${planId}/${decision}`, {
      as,
      body: { stage: "contain", reason: "seen", planHash, ...other },
    });
  return { harness, call, planId, planHash, decide };
}

async function deeds({ harness }: Desk): Promise<readonly unknown[]> {
  const { identity, incidentId } = await harness.plan();
  const rows = await harness.tables.stores.identities.entries(identity, incidentId);
  return rows.map(({ value }) => value).filter((value) => (value as { event: unknown }).event === "decision.given");
}

/** As the writer writes it when its next look finds one thing more. */
async function anotherRequest({ harness, planId }: Desk): Promise<void> {
  const { identities } = harness.tables.stores;
  const { identity } = await harness.plan();
  const partition = await loadPartition(identities, identity);
  const row = { ...stepRow(partition, planId, 0), requests: ["PATCH /v1.0/servicePrincipals/…", "one more"] };
  await new Draft(partition).put(rowKey.step(planId, 0), row, harness.world.clock.now() + 1e9).commit(identities);
}

describe("a decision", () => {
  it("on what the caller saw is signed, runs, and is in the ledger by object id", async () => {
    const desk = await waiting();
    expect(await desk.decide(approver)).toMatchObject({
      status: 200,
      body: {
        decision: "approve",
        people: 1,
        missing: 0,
        alone: false,
        approvedBy: [expect.stringContaining(approver.id)],
      },
    });
    expect(await desk.decide(approver)).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/already-approved/) },
    });
    await desk.harness.run();
    expect(await desk.harness.stage("contain")).toMatchObject({ status: "done", alone: false });
    expect(await desk.decide(second, "deny")).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/not-waiting/) },
    });
    expect(await deeds(desk)).toMatchObject([
      { by: expect.stringContaining(approver.id), data: { decision: "approve" } },
    ]);
  });

  it("that somebody wrote into the table, whatever its shape, is shown as not counting and hides no other", async () => {
    const desk = await waiting();
    await desk.decide(approver);
    const { identities } = desk.harness.tables.stores;
    const partition = await loadPartition(identities, (await desk.harness.plan()).identity);
    const key = `${rowKey.approval(desk.planId, "contain")}|mallory`;
    await new Draft(partition).put(key, { by: "mallory" }, desk.harness.world.clock.now() + 1e9).commit(identities);
    const { status, body } = await desk.call("GET", `/runs/${desk.planId}`, { as: approver });
    expect(status).toBe(200);
    const { stages } = body as { stages: readonly { decisions: readonly { by: unknown; whyNot: unknown }[] }[] };
    expect(stages[0]?.decisions).toMatchObject([
      { by: null, whyNot: expect.stringContaining("signature") },
      { by: expect.stringContaining(approver.id), whyNot: null },
    ]);
  });

  it("on requests that changed since the look decides nothing, until the caller has looked again", async () => {
    const desk = await waiting();
    const seenNow = async () => {
      const { body } = await desk.call("GET", `/runs/${desk.planId}`, { as: approver });
      return (body as { stages: readonly { seen: string }[] }).stages[0]?.seen;
    };
    const seen = await seenNow();
    await anotherRequest(desk);
    expect(await desk.decide(approver, "approve", { seen })).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/changed-since-seen/), detail: expect.stringContaining("look again") },
    });
    expect(await deeds(desk)).toEqual([]);
    expect(await desk.decide(approver, "approve", { seen: await seenNow() })).toMatchObject({ status: 200 });
  });

  it("on another plan than the one seen decides nothing", async () => {
    const desk = await waiting();
    const planHash = "A".repeat(22);
    expect(await desk.decide(approver, "approve", { planHash })).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/another-plan/) },
    });
    expect(await desk.decide(approver, "approve", { planHash: undefined })).toMatchObject({ status: 400 });
    expect(await deeds(desk)).toEqual([]);
  });

  it("is a person's, unless the policy lets workloads decide", async () => {
    const robot = callerWith(["Tourniquet.Approver"], 9, "workload");
    const desk = await waiting();
    for (const decision of ["approve", "deny"] as const)
      expect(await desk.decide(robot, decision)).toMatchObject({
        status: 403,
        body: { type: expect.stringMatching(/needs-person/) },
      });
    const trusting = await waiting({ approvals: { ...policyWith().approvals, workloads: true } });
    expect(await trusting.decide(robot)).toMatchObject({ status: 200 });
  });

  it("on a tier-0 identity is an administrator's, and takes two", async () => {
    const listed = { ...policyWith().protected, tier0: [appId] };
    const desk = await waiting({ protected: listed });
    expect(await desk.decide(approver)).toMatchObject({
      status: 403,
      body: { type: expect.stringMatching(/outranked/) },
    });
    expect(await desk.decide(admin)).toMatchObject({ status: 200, body: { people: 2, missing: 1 } });
    await desk.harness.run();
    expect(await desk.harness.stage("contain")).toMatchObject({ status: "waiting" });
    // the same person under another name is no second one
    const renamed: Caller = { ...admin, name: "someone.else@contoso.example" };
    expect(await desk.decide(renamed)).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/already-approved/) },
    });
    expect(await desk.decide({ ...second, roles: ["Tourniquet.Admin"] })).toMatchObject({
      status: 200,
      body: { missing: 0 },
    });
    await desk.harness.run();
    expect(await desk.harness.stage("contain")).toMatchObject({ status: "done" });
  });

  it("after the time for it is over is refused", async () => {
    const desk = await waiting();
    await desk.harness.clock.advance(4 * 3600_000);
    expect(await desk.decide(approver)).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/expired/) },
    });
    await desk.harness.run();
    expect(await desk.harness.stage("contain")).toMatchObject({ status: "expired" });
  });
});

describe("what the blast radius holds back", () => {
  it("is shown as a frozen list, and approved at once by whoever is not outranked", async () => {
    const harness = await Harness.start(
      policyWith({ protected: { ...policyWith().protected, tier0: [another(5).appId] } }),
    );
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
    await readDependencies(
      harness.world,
      numbers.map((n) => another(n).appId),
    );
    for (const n of numbers) {
      const { record, copy } = leak({ id: `detection-${n}`, ...another(n) });
      harness.tenant.change((directory) => {
        addIdentity(directory, another(n));
        directory.riskDetections.push(copy);
      });
      await harness.deliver(record);
    }
    await harness.run();
    const call = apiOn(apiServices(harness.process.services));
    const listed = await call("GET", "/approval-groups", { as: approver });
    const [group] = (listed.body as { items: { id: string; plans: number; waits: boolean }[] }).items;
    expect(group).toMatchObject({ waits: true });
    const whole = await call("GET", `/approval-groups/${group?.id}`, { as: approver });
    expect((whole.body as { members: unknown[] }).members).toHaveLength(group?.plans ?? 0);
    const body = { reason: "one campaign" };
    const approved = await call("POST", `/approval-groups/${group?.id}/approve`, { as: approver, body });
    expect(approved).toMatchObject({
      status: 200,
      body: { skipped: [], missing: 0, approved: { length: group?.plans } },
    });
    expect(await call("POST", `/approval-groups/${group?.id}/approve`, { as: approver, body })).toMatchObject({
      status: 409,
      body: { type: expect.stringMatching(/nothing-approved/) },
    });
    await harness.run(60_000);
    expect(harness.tenant.directory.servicePrincipals.filter((one) => one.accountEnabled === false)).toHaveLength(8);
    expect(await call("GET", "/approval-groups/AAAAAAAAAAAAAAAAAAAAAA", { as: approver })).toMatchObject({
      status: 404,
    });
  });
});
