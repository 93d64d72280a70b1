/** It is deleted softly: Entra keeps it for 30 days, and then it is gone. Whoever takes it out of the bin has it. */

import { z } from "zod";
import { dayMs } from "../../../domain/day.ts";
import { hasEnded } from "../../../domain/plan.ts";
import type { Next } from "../../judge/stage-context.ts";
import { plansOf, stageRow, stepRow } from "../../rows/plans.ts";
import type { Phase } from "./course.ts";
import { hourMs, type Look, later, moveOn } from "./look.ts";
import { whyOutOfHand } from "./out-of-hand.ts";
import { whereAre } from "./read-objects.ts";
import { deletionTakenBack } from "./taken-back.ts";

/** Reads may still show the time before our own write. */
const lagMs = hourMs;
const binDays = 30;

export async function lookAtDeleted(look: Look): Promise<Next> {
  const { course, now, row, writer } = look;
  const outOfHand = whyOutOfHand(look);
  if (outOfHand !== null) return goBack(look, outOfHand);
  const takenBack = deletionTakenBack(look);
  if (takenBack !== null) return takenBack;
  const deletedAt = Date.parse(row.deletedAt ?? row.since);
  if (now - deletedAt < lagMs) return later(look, lagMs - (now - deletedAt));
  const where = await whereAre(writer.services, course.delete === null ? [] : objectsOf(look, course.delete));
  switch (where) {
    case "live":
      return isBeingTakenBack(look) ? later(look, hourMs) : goBack(look, "somebody took it out of the bin");
    case "gone":
      return moveOn(look, gone(now - deletedAt < binDays * dayMs));
    case "bin":
      return later(look, nextLookMs(now - deletedAt));
    default:
      return later(look, hourMs);
  }
}

function gone(isEarly: boolean) {
  const by = isEarly ? "somebody deleted it for good before its 30 days were over" : "its 30 days in the bin are over";
  const because = `${by}: nothing of it can be restored any more`;
  return { to: "gone", because, event: "unused.gone", urgency: "digest" } as const;
}

function goBack(look: Look, because: string): Promise<Next> {
  return moveOn(look, { to: "back", because, event: "unused.back-in-use" });
}

/** Sooner when its time in the bin is over. */
function nextLookMs(sinceMs: number): number {
  const leftMs = binDays * dayMs - sinceMs;
  return leftMs > 0 ? Math.min(dayMs, leftMs + hourMs) : dayMs;
}

const Receipt = z.object({ applicationId: z.string().optional(), servicePrincipalId: z.string().nullish() });

/** As the receipts of the deletion name them. */
function objectsOf({ partition }: Look, { plan }: Phase) {
  return plan.steps.flatMap(({ action }, index) => {
    if (action !== "delete-application" && action !== "delete-service-principal") return [];
    const receipt = Receipt.safeParse(stepRow(partition, plan.id, index).receipt).data;
    return [
      ...(receipt?.applicationId ? [{ collection: "applications", id: receipt.applicationId } as const] : []),
      ...(receipt?.servicePrincipalId
        ? [{ collection: "servicePrincipals", id: receipt.servicePrincipalId } as const]
        : []),
    ];
  });
}

/** An undo of ours is at it, and says itself what came of it. */
function isBeingTakenBack({ partition, row }: Look): boolean {
  return plansOf(partition, row.incidentId).some(
    ({ id, steps }) => steps.some(({ undoes }) => undoes !== null) && !hasEnded(stageRow(partition, id, "undo").status),
  );
}
