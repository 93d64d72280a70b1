/** Puts the plans that a finding calls for into the change at hand: signed, with a row for each stage. */
import type { DueMessage } from "../../domain/due.ts";
import type { Finding } from "../../domain/finding.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import type { Incident } from "../../domain/incident.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Playbook } from "../../playbooks/playbook.ts";
import type { Services } from "../../ports/services.ts";
import { historyMs } from "../rows/expiry.ts";
import type { Draft } from "../rows/partition.ts";
import { stagesOf } from "../rows/plans.ts";
import { newStage, rowKey } from "../rows/rows.ts";
import { planMade } from "../rows/step-deeds.ts";
import { makePlan } from "./make-plan.ts";

/** At most one plan a playbook; each sees what those before it plan, and ordinals follow each other. */
export async function draftPlans(
  { policy, signer }: Pick<Services, "policy" | "signer">,
  draft: Draft,
  incident: Incident,
  finding: Finding,
  playbooks: readonly Playbook[],
  now: number,
): Promise<readonly Plan[]> {
  const plans: Plan[] = [];
  for (const playbook of playbooks) {
    const numbered = { ...incident, nextOrdinal: incident.nextOrdinal + plans.length };
    const plan = makePlan({ incident: numbered, finding, playbook, policy, partition: draft.preview(), now });
    if (plan === null) continue;
    const payload = JSON.stringify(plan);
    const signature = await signer.sign(payload);
    draft.put(rowKey.plan(plan.id), { payload, signature }, now + historyMs);
    for (const stage of stagesOf(plan)) draft.put(rowKey.stage(plan.id, stage), newStage, now + historyMs);
    plans.push(plan);
  }
  return plans;
}

/** In the ledger, after what called for them. */
export function recordPlans(draft: Draft, plans: readonly Plan[]): void {
  for (const plan of plans) draft.record(planMade(plan, hashId(JSON.stringify(plan))));
}

export interface DueSoon {
  readonly message: DueMessage;
  /** epoch ms; null: now */
  readonly at: number | null;
}

/** Only the first stage is due; each stage wakes the next when it is done. */
export function dueOf(identity: IdentityKey, plan: Plan, now: number): readonly DueSoon[] {
  const [stage] = stagesOf(plan);
  if (stage === undefined) return [];
  const startsAt = Date.parse(plan.notBefore);
  const message: DueMessage = { kind: "stage", identity, planId: plan.id, stage, verifies: false };
  return [{ message, at: startsAt > now ? startsAt : null }];
}
