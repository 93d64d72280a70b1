/**
 * Did a person end this stage before, whatever its rows say now? A denial, a cancellation and a dismissal are rows, which whoever edits the
 * tables can take away, and put an earlier approval back: the ledger still tells of them. Asked where a person's word lets a stage run.
 */
import { z } from "zod";
import { StageName } from "../../domain/plan.ts";
import { entriesIn } from "../rows/ledger-rows.ts";
import type { StageContext } from "./stage-context.ts";

const Denial = z.object({ decision: z.literal("deny"), planId: z.string(), stage: StageName, reason: z.string() });
const Cancel = z.object({ request: z.literal("cancel"), planId: z.string() });
const Dismissal = z.object({
  decision: z.literal("dismiss"),
  cancelled: z.array(z.object({ planId: z.string(), stage: StageName })),
});

/** Why it may not run; null: the ledger tells of nobody who ended it. */
export async function endedByPerson({ writer, partition, stored, stage }: StageContext): Promise<string | null> {
  const { plan } = stored;
  const rows = await writer.services.stores.identities.entries(partition.key, plan.incidentId);
  for (const { event, data, message, seq } of rows.flatMap((row) => entriesIn(row) ?? [])) {
    if (event !== "decision.given" && event !== "request.signed") continue;
    const denial = Denial.safeParse(data).data;
    const isDenied = denial?.planId === plan.id && denial.stage === stage;
    const isCalledOff = Cancel.safeParse(data).data?.planId === plan.id;
    const { cancelled = [] } = Dismissal.safeParse(data).data ?? {};
    const isDismissed = cancelled.some((one) => one.planId === plan.id && one.stage === stage);
    if (isDenied || isCalledOff || isDismissed) return `${message} (entry ${seq} of the ledger; its row is gone)`;
  }
  return null;
}
