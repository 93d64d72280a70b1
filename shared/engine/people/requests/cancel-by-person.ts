/** A person calls a plan off: a signed word that the writer follows before it begins anything more of the plan. */
import type { Cancellation } from "../../../domain/approval.ts";
import { TerminalError } from "../../../domain/errors.ts";
import { hasEnded, type StageName, type StageStatus } from "../../../domain/plan.ts";
import { isoAt } from "../../../ports/clock.ts";
import { cancellationOf, sayCancelled } from "../../judge/cancellation.ts";
import { publishedAgainMs, putDue } from "../../rows/due.ts";
import { historyMs, shortMs } from "../../rows/expiry.ts";
import { Draft } from "../../rows/partition.ts";
import { stageRow, stagesOf } from "../../rows/plans.ts";
import { rowKey } from "../../rows/rows.ts";
import { type FoundPlan, findPlan, type PersonsWord, type TableServices } from "../find-plan.ts";

type Word = Pick<PersonsWord, "by" | "reason">;

export interface CalledOff {
  readonly cancellation: Cancellation;
  /** those that will not run, or not go on, as they stood */
  readonly stages: readonly { readonly stage: StageName; readonly status: StageStatus }[];
}

const tries = 4;

/** Signs it and wakes the writer. Throws TerminalError when there is nothing (more) to call off, or the rows never stood still. */
export async function cancelPlan(services: TableServices, found: FoundPlan, word: Word): Promise<CalledOff> {
  let latest = found;
  for (let i = 0; i < tries; i++) {
    const stages = await cancellable(services, latest);
    const cancellation = cancellationBy(services, latest, word);
    if (await write(services, latest, stages, cancellation)) return { cancellation, stages };
    // the writer moved a stage, or a finding was filed, at this very moment
    latest = await findPlan(services, found.stored.plan.id);
  }
  throw new TerminalError("others changed the same rows at the same moments; ask again", { code: "conflict" });
}

async function cancellable({ signer }: TableServices, { partition, stored }: FoundPlan): Promise<CalledOff["stages"]> {
  const { plan } = stored;
  const before = await cancellationOf(signer, partition, stored);
  if (before !== null) {
    throw new TerminalError(`plan ${plan.id} is called off already: ${sayCancelled(before)}`, { code: "called-off" });
  }
  const open = stagesOf(plan)
    .map((stage) => ({ stage, status: stageRow(partition, plan.id, stage).status }))
    .filter(({ status }) => !hasEnded(status));
  const isUndone = open.some(({ stage, status }) => stage === "undo" && status === "running");
  if (open.length > 0 && !isUndone) return open;
  const why = isUndone
    ? "is taking changes back and goes on to its end; start again what you want to have done"
    : "has ended; what it did can be taken back with `revert`";
  throw new TerminalError(`plan ${plan.id} ${why}`, { code: "nothing-to-cancel" });
}

function cancellationBy({ clock }: TableServices, { stored }: FoundPlan, { by, reason }: Word): Cancellation {
  return { planId: stored.plan.id, planHash: stored.hash, by, reason, at: isoAt(clock.now()) };
}

/**
 * Writes anew what the writer's next commit stands on (the stages, and the lock while one runs), so that it must look again before it
 * begins anything; and the incident, since a finding that is filed now may count on this plan. False: somebody was faster.
 */
async function write(
  services: TableServices,
  { partition, stored: { plan } }: FoundPlan,
  stages: CalledOff["stages"],
  cancellation: Cancellation,
): Promise<boolean> {
  const { clock, signer, stores } = services;
  const now = clock.now();
  const payload = JSON.stringify(cancellation);
  const row = { payload, signature: await signer.sign(payload) };
  const draft = new Draft(partition).put(rowKey.cancellation(plan.id), row, now + historyMs);
  const names = stages.map(({ stage }) => rowKey.stage(plan.id, stage));
  for (const key of [...names, rowKey.incident(plan.incidentId), rowKey.lock]) {
    const known = partition.rows.get(key);
    if (known !== undefined) draft.put(key, known.value, now + (key === rowKey.lock ? shortMs : historyMs));
  }
  draft.record({
    chain: plan.incidentId,
    at: cancellation.at,
    event: "request.signed",
    by: cancellation.by,
    message: `${cancellation.by} called plan ${plan.id} (${plan.playbook}) off: ${cancellation.reason}`,
    data: { request: "cancel", planId: plan.id, planHash: cancellation.planHash, stages },
  });
  const [first] = stages;
  if (first === undefined) return false;
  const message = {
    kind: "stage",
    identity: partition.key,
    planId: plan.id,
    stage: first.stage,
    verifies: false,
  } as const;
  await putDue(services, message, now + publishedAgainMs);
  if (!(await draft.commit(stores.identities))) return false;
  await putDue(services, message, now);
  return true;
}
