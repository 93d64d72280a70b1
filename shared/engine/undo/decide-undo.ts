/**
 * May the undo go on? A person asked for it by name, so no evidence, mode, cap or approval is asked again. What is left: it is
 * recent, it is not about ourselves, and Graph can be read. The kill switch holds the steps that grant anything again.
 */
import { isoAt } from "../../ports/clock.ts";
import type { EarlyReads } from "../judge/judge-stage.ts";
import type { Next, StageContext } from "../judge/stage-context.ts";
import { endStage } from "../judge/stage-outcomes.ts";
import { pauseBefore } from "../run/pause-run.ts";
import { runSteps } from "../run/run-steps.ts";

/** Rows can be put back: last month's wish must not re-enable an identity today. */
const requestLivesMs = 24 * 3600_000;
const triedAgainMs = 15_000;

export async function decideUndo(context: StageContext, reading: Promise<EarlyReads>): Promise<Next> {
  const { services } = context.writer;
  const { plan } = context.stored;
  if (plan.requestedBy === "tourniquet") return refuse(context, "undo: no person asked for it");
  if (services.clock.now() - Date.parse(plan.createdAt) > requestLivesMs) {
    return refuse(context, `undo: it was asked for at ${plan.createdAt}, too long ago to be followed; ask again`);
  }
  const [{ facts }, self] = await Promise.all([reading, services.tenant.whoAmI()]);
  const later = (reason: string) => pauseBefore(context, { reason, wakeAfterMs: facts.retryAfterMs || triedAgainMs });
  if (facts.servicePrincipal === undefined) return later(`unread: ${facts.unread.join(", ")}`);
  if (self === null) return later("our own identity could not be learned from our token");
  const { appId, servicePrincipalId } = facts.identity;
  if (appId === self.appId || servicePrincipalId === self.servicePrincipalId) {
    return refuse(context, "never-self: this is the identity Tourniquet itself runs as");
  }
  const decidedBy = `${plan.requestedBy} (asked at ${plan.createdAt})`;
  return runSteps(context, { facts, decidedBy, startedAt: isoAt(facts.readAt), approved: null });
}

function refuse(context: StageContext, reason: string): Promise<Next> {
  const loud = { event: "stage.blocked", severity: "high", urgency: "page" } as const;
  return endStage(context, { status: "blocked", reasons: [reason] }, loud);
}
