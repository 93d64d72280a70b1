/**
 * Since when is it disabled by us, as far as others cannot have written it? The plan is signed, and says before when it cannot have run; the
 * ledger says when the step was done. The row of the retirement says neither: whoever edits tables may have moved its date.
 */
import { z } from "zod";
import { chainOf } from "../../../domain/ledger.ts";
import type { Services } from "../../../ports/services.ts";
import { entriesIn } from "../../rows/ledger-rows.ts";
import type { Partition } from "../../rows/partition.ts";
import { readPlan } from "../../rows/plans.ts";
import { courseOf } from "./course.ts";

const Ended = z.object({ planId: z.string(), status: z.literal("applied") });

/** Epoch ms; null: nothing proves it. Throws as the stores do. */
export async function provenDisabledAt(
  { signer, stores }: Pick<Services, "signer" | "stores">,
  partition: Partition,
  incidentId: string,
): Promise<number | null> {
  const known = courseOf(partition, incidentId).disable;
  const stored = known === null ? null : await readPlan(partition, known.plan.id, signer);
  if (known === null || known.appliedAt === null || stored === null || stored === "altered") return null;
  const { plan } = stored;
  if (plan.incidentId !== incidentId) return null;
  const times = [Date.parse(plan.notBefore), Date.parse(known.appliedAt)];
  if (stores.identities.keepsLedger !== false) {
    const ended = await endedAt(stores.identities.entries(partition.key, chainOf(partition.key, incidentId)), plan.id);
    if (ended === null) return null;
    times.push(ended);
  }
  return times.every(Number.isFinite) ? Math.max(...times) : null;
}

async function endedAt(rows: ReturnType<Services["stores"]["identities"]["entries"]>, planId: string) {
  const ended = (await rows).flatMap((row) =>
    (entriesIn(row) ?? []).filter(
      ({ event, data }) => event === "step.ended" && Ended.safeParse(data).data?.planId === planId,
    ),
  );
  return ended.length === 0 ? null : Math.max(...ended.map(({ at }) => Date.parse(at)));
}
