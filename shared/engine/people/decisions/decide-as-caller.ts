/** A caller of the API decides a stage: of the very plan they saw, on an identity that does not outrank them, as a person. */
import type { Approval } from "../../../domain/approval.ts";
import { type Caller, signatureOf } from "../../../domain/caller.ts";
import { TerminalError } from "../../../domain/errors.ts";
import type { StageName } from "../../../domain/plan.ts";
import type { Policy } from "../../../domain/policy.ts";
import { idsOf } from "../../../guardrails/guardrail.ts";
import { type FoundPlan, findPlan, type TableServices } from "../find-plan.ts";
import { refuseOutranked } from "../outranked.ts";
import { approvalsSoFar, type SoFar } from "./approvals-so-far.ts";
import { decideStage } from "./decide-by-person.ts";

export interface CallersWord {
  readonly stage: StageName;
  readonly reason: string;
  /** of the plan that the caller saw */
  readonly planHash: string;
  /** of the requests that the caller saw */
  readonly seen?: string | undefined;
}

export interface Decided extends SoFar {
  readonly approval: Approval;
}

/** Throws TerminalError `needs-person`, `outranked`, `another-plan`, and what `decideStage` throws. */
export async function decideAsCaller(
  services: TableServices,
  caller: Caller,
  planId: string,
  decision: Approval["decision"],
  { stage, reason, planHash, seen }: CallersWord,
): Promise<Decided> {
  refuseWorkload(services.policy, caller);
  const found = await findPlan(services, planId);
  refuseOutranked(services, found.partition, caller, idsOf(found.stored.plan.identity));
  refuseAnother(found, planHash);
  const word = { by: signatureOf(caller), reason, roles: caller.roles, ...(seen === undefined ? {} : { seen }) };
  const approval = await decideStage(services, found, stage, decision, word);
  return { approval, ...(await approvalsSoFar(services, found, stage)) };
}

/** A machine's approval is no check on machines (see the description of `approvals.workloads`). */
export function refuseWorkload({ approvals }: Policy, { kind, id }: Pick<Caller, "kind" | "id">): void {
  if (kind === "person" || approvals.workloads) return;
  const message = `${id} is a workload: it may ask, and a person decides. approvals.workloads of the policy file would let workloads decide`;
  throw new TerminalError(message, { code: "needs-person" });
}

function refuseAnother({ stored }: FoundPlan, planHash: string): void {
  if (stored.hash === planHash) return;
  const message = `the hash of plan ${stored.plan.id} is not ${planHash}: what you saw is not what would run. Read the run again, and decide on what it says`;
  throw new TerminalError(message, { code: "another-plan" });
}
