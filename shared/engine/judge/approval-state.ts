/** What people have decided about a stage, as far as it holds: signed, over this very plan, by somebody else, not expired. */
import { Approval, personKey, samePerson } from "../../domain/approval.ts";
import { isNight } from "../../domain/night.ts";
import type { StageName } from "../../domain/plan.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Services } from "../../ports/services.ts";
import type { Partition } from "../rows/partition.ts";
import type { StoredPlan } from "../rows/plans.ts";
import { rowKey, type SignedRow } from "../rows/rows.ts";
import { signedRows } from "../rows/signed-rows.ts";

/** One person's approval that holds. */
export interface Given {
  readonly by: string;
  readonly at: string;
  readonly touches: ReadonlySet<string>;
  /** they had asked for it themselves, and the policy let them at that time */
  readonly alone: boolean;
  /** how many plans the list has that it was given with; 1: given for this plan alone */
  readonly members: number;
}

export type Decision =
  | { readonly state: "none" }
  /** of different people, earliest first; whether they are enough, the judgement says */
  | { readonly state: "approved"; readonly given: readonly [Given, ...Given[]] }
  | { readonly state: "denied"; readonly by: string; readonly reason: string }
  /** somebody wrote a row that does not hold */
  | { readonly state: "invalid"; readonly reason: string };

/** One row a person: deciding again replaces one's own word, and nobody else's. */
export function approvalKey(planId: string, stage: StageName, person: string): string {
  return `${rowKey.approval(planId, stage)}|${personKey(person)}`;
}

/** A denial by anyone counts; then approvals that hold; a row that does not hold is told only where nothing else is there. */
export async function decisionOn(
  services: Pick<Services, "clock" | "policy" | "signer">,
  partition: Partition,
  stored: StoredPlan,
  stage: StageName,
): Promise<Decision> {
  const rows = signedRows(partition, rowKey.approval(stored.plan.id, stage));
  const words = await Promise.all(rows.map(({ value }) => wordOf(services, value, stored, stage)));
  const denial = words.find((word) => word.state === "denied");
  if (denial !== undefined) return denial;
  const given = words.flatMap((word) => (word.state === "approved" ? word.given : []));
  const distinct = [...new Map(given.map((one) => [personKey(one.by), one])).values()];
  const [first, ...others] = distinct.toSorted((a, b) => a.at.localeCompare(b.at));
  if (first !== undefined) return { state: "approved", given: [first, ...others] };
  return words[0] ?? { state: "none" };
}

/** One row: what it says, as far as it holds. */
export async function wordOf(
  { clock, policy, signer }: Pick<Services, "clock" | "policy" | "signer">,
  row: SignedRow,
  stored: StoredPlan,
  stage: StageName,
): Promise<Decision> {
  if (!(await signer.verify(row.payload, row.signature))) {
    return { state: "invalid", reason: "the approval's signature does not hold" };
  }
  const approval = Approval.safeParse(JSON.parse(row.payload));
  if (!approval.success) return { state: "invalid", reason: "the approval cannot be read" };
  const { decision, by, at, reason, planHash, expiresAt, group } = approval.data;
  if (planHash !== stored.hash || approval.data.planId !== stored.plan.id || approval.data.stage !== stage) {
    return { state: "invalid", reason: "the approval is for another plan" };
  }
  if (samePerson(by, stored.plan.requestedBy) && !(approval.data.alone && mayBeAlone(policy, stage, Date.parse(at)))) {
    return { state: "invalid", reason: `${by} asked for it and cannot approve it` };
  }
  if (decision === "deny") return { state: "denied", by, reason };
  if (clock.now() >= Date.parse(expiresAt)) return { state: "invalid", reason: "the approval has expired" };
  return {
    state: "approved",
    given: [
      { by, at, touches: new Set(approval.data.touches), alone: approval.data.alone, members: group?.members ?? 1 },
    ],
  };
}

/** May an administrator who asked for it approve it at that time (epoch ms)? Only what stops something and can be undone. */
export function mayBeAlone({ approvals }: Policy, stage: StageName, at: number): boolean {
  return stage === "contain" && approvals.alone !== undefined && isNight(approvals.alone, at);
}

/** What all of them were shown: nothing else may go on their word. */
export function touchesOf(given: readonly [Given, ...Given[]]): ReadonlySet<string> {
  const [first, ...others] = given;
  return new Set([...first.touches].filter((touch) => others.every(({ touches }) => touches.has(touch))));
}

/** A list of more plans than this is nobody's to read alone. */
const longestAlone = 10;

/** How many different people it takes: as the judgement says, and two where all there is was given with a long list. */
export function peopleNeeded(decision: Decision, people: 1 | 2, { approvals }: Policy): 1 | 2 {
  if (decision.state !== "approved" || !approvals.twoPeople.includes("bulk-over-10")) return people;
  return decision.given.every(({ members }) => members > longestAlone) ? 2 : people;
}
