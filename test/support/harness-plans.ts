/** Plans of the test's own making, applied step by step by the engine's own hands, past the guardrails: what undo starts from. */
import { refOfKey } from "../../shared/domain/identity.ts";
import { Incident } from "../../shared/domain/incident.ts";
import { hasEnded, type Plan, type PlannedStep } from "../../shared/domain/plan.ts";
import { asItBegan } from "../../shared/engine/incident/known-kind.ts";
import { Draft, loadPartition, readAll } from "../../shared/engine/rows/partition.ts";
import { readPlan, stageRow, stagesOf } from "../../shared/engine/rows/plans.ts";
import { newStage, rowKey } from "../../shared/engine/rows/rows.ts";
import { runSteps } from "../../shared/engine/run/run-steps.ts";
import { readFacts } from "../../shared/engine/snapshot/read-facts.ts";
import { Harness, leaked } from "./harness.ts";
import { iso } from "./harness-cast.ts";
import { policyWith } from "./harness-world.ts";

export type Wanted = Pick<PlannedStep, "action" | "stage"> & Partial<PlannedStep>;

const usual = {
  parameters: {},
  need: "required",
  onFailure: "continue",
  reason: "a test wants it",
  undoes: null,
} as const;

/** An incident that nothing is done about, since the policy only observes. */
export async function observing(): Promise<Harness> {
  const harness = await Harness.start(policyWith({ mode: "observe" }));
  await leaked(harness);
  return harness;
}

/** Puts a signed plan into the open incident; `change`: of what the plan says of itself. */
export async function putPlan(harness: Harness, steps: readonly Wanted[], change: Partial<Plan> = {}): Promise<Plan> {
  const { services } = harness.process;
  const key = (await harness.plan()).identity;
  const partition = await loadPartition(services.stores.identities, key);
  const [incident] = readAll(partition, "incident|", Incident);
  if (incident === undefined) throw new Error("no incident");
  const { id: incidentId, nextOrdinal, identity } = incident.value;
  const at = iso(harness.clock.now());
  const plan: Plan = {
    id: `made-${nextOrdinal}`,
    incidentId,
    identity,
    playbook: "made-by-a-test",
    version: 1,
    ordinal: nextOrdinal,
    findingIds: [],
    requestedBy: "tourniquet",
    createdAt: at,
    notBefore: at,
    steps: steps.map((step) => ({ ...usual, ...step })),
    ...change,
  };
  const payload = JSON.stringify(plan);
  const draft = new Draft(partition)
    .put(rowKey.plan(plan.id), { payload, signature: await services.signer.sign(payload) }, harness.clock.now())
    .put(rowKey.incident(incidentId), { ...incident.value, nextOrdinal: nextOrdinal + 1 }, harness.clock.now());
  for (const stage of stagesOf(plan)) draft.put(rowKey.stage(plan.id, stage), newStage, harness.clock.now());
  if (!(await draft.commit(services.stores.identities))) throw new Error("the plan could not be put");
  return plan;
}

/** Runs the plan's stages to their ends, or those named. */
export async function apply(harness: Harness, plan: Plan, stages = stagesOf(plan)): Promise<void> {
  const { writer, services } = harness.process;
  const key = (await harness.plan(plan.playbook)).identity;
  for (const stage of stages) {
    for (let turn = 0; turn < 20; turn++) {
      const partition = await loadPartition(services.stores.identities, key);
      if (hasEnded(stageRow(partition, plan.id, stage).status)) break;
      const stored = await readPlan(partition, plan.id, services.signer);
      if (stored === null || stored === "altered") throw new Error("the plan is not there");
      const context = { writer, partition, stored, stage, stopAt: Number.POSITIVE_INFINITY };
      const facts = asItBegan(context, await readFacts(services, refOfKey(key)));
      const permission = { facts, decidedBy: "a test", startedAt: iso(harness.clock.now()), approved: null };
      await runSteps(context, permission);
    }
  }
}
