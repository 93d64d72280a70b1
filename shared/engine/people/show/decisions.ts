/** What people said about a stage, each word with whether it counts and why not: what was altered is shown, too. */
import { Approval } from "../../../domain/approval.ts";
import type { StageName } from "../../../domain/plan.ts";
import type { Services } from "../../../ports/services.ts";
import { wordOf } from "../../judge/approval-state.ts";
import type { Partition } from "../../rows/partition.ts";
import type { StoredPlan } from "../../rows/plans.ts";
import { rowKey } from "../../rows/rows.ts";
import { signedRows } from "../../rows/signed-rows.ts";

export interface ShownDecision {
  readonly decision: "approve" | "deny" | null;
  readonly by: string | null;
  readonly at: string | null;
  readonly reason: string | null;
  /** one of a frozen list of so many plans */
  readonly group: { readonly id: string; readonly members: number } | null;
  /** an administrator approved what they asked for themselves */
  readonly alone: boolean;
  /** null: it counts */
  readonly whyNot: string | null;
}

/** Earliest first. */
export async function decisionsOn(
  services: Pick<Services, "clock" | "signer" | "policy">,
  partition: Partition,
  stored: StoredPlan,
  stage: StageName,
): Promise<readonly ShownDecision[]> {
  const rows = signedRows(partition, rowKey.approval(stored.plan.id, stage));
  const shown = await Promise.all(
    rows.map(async ({ value }): Promise<ShownDecision> => {
      const word = await wordOf(services, value, stored, stage);
      const whyNot = word.state === "invalid" ? word.reason : null;
      // what nobody signed says nothing about who decided what
      const isSigned = await services.signer.verify(value.payload, value.signature);
      const said = isSigned ? Approval.safeParse(JSON.parse(value.payload)).data : undefined;
      if (said === undefined) return { ...nothingSaid, whyNot };
      const { decision, by, at, reason, group, alone } = said;
      return { decision, by, at, reason, group, alone, whyNot };
    }),
  );
  return shown.toSorted((a, b) => (a.at ?? "").localeCompare(b.at ?? ""));
}

const nothingSaid = { decision: null, by: null, at: null, reason: null, group: null, alone: false } as const;
