/** How a stage ends or stands by without a write: each is one commit that says why, and tells a person as loudly as a success. */
import { isoAt } from "../../ports/clock.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { lastWrite, settle, subjectOf } from "./settle-stage.ts";
import {
  currentStage,
  done,
  endedNow,
  lookAgain,
  type Next,
  type StageContext,
  type StageNotice,
} from "./stage-context.ts";

const killSwitchLookMs = 60_000;

interface Ending {
  readonly status: "blocked" | "expired" | "failed" | "cancelled";
  readonly reasons: readonly string[];
}

/** The end of a stage without (more) writes. What an earlier pass did stays, is said, and is verified all the same. */
export async function endStage(
  context: StageContext,
  { status, reasons }: Ending,
  notice: Pick<StageNotice, "event" | "severity" | "urgency">,
): Promise<Next> {
  const { clock, limits } = context.writer.services;
  const appliedAt = lastWrite(context);
  const reason = reasons.join("; ");
  const verification = { state: "unverified" as const, appliedAt: appliedAt ?? "", reads: [], refusedSignInAt: null };
  const said =
    appliedAt === null ? "Nothing was written to" : `A part was done at ${appliedAt} and no more is written to`;
  const moved = await settle(
    context,
    { status, reasons: [...reasons], ...endedNow(context), ...(appliedAt === null ? {} : { verification }) },
    { status, reason, facts: null },
    {
      ...notice,
      about: [],
      message: `${said} ${subjectOf(context, null)}: ${reason}`,
      data: { stage: context.stage, reasons },
    },
  );
  if (!moved) return lookAgain(context);
  return appliedAt === null ? done : { wakeAt: clock.now() + (limits.verifyAfterMs[0] ?? 0), verifies: true };
}

/** A guardrail refuses: nobody may, so nothing waits. */
export function blockStage(context: StageContext, reasons: readonly string[]): Promise<Next> {
  // ids that Graph contradicts are somebody's mistake or somebody's trick: the true victim may be another
  const urgency = reasons.some((one) => one.startsWith("identity:")) ? "page" : "chat";
  return endStage(context, { status: "blocked", reasons }, { event: "stage.blocked", severity: "medium", urgency });
}

/** Observe mode, or the kill switch: recorded as what would be done; more evidence, or the switch, wakes it again. */
export async function observeStage(context: StageContext, reasons: readonly string[], facts: Facts): Promise<Next> {
  const { clock, policy } = context.writer.services;
  const { status, reasons: before, askedAt } = currentStage(context);
  const now = clock.now();
  const since = status === "observed" ? Date.parse(askedAt ?? isoAt(now)) : now;
  if (now - since >= policy.incident.quietHours * 3600_000) return expireObserved(context);
  const isStopped = reasons.some((reason) => reason.startsWith("kill-switch"));
  const wakeAt = isStopped ? now + killSwitchLookMs : since + policy.incident.quietHours * 3600_000;
  if (status === "observed" && before.join() === reasons.join()) return { wakeAt };
  const reason = reasons.join("; ");
  const moved = await settle(
    context,
    { status: "observed", reasons: [...reasons], askedAt: isoAt(since), mode: "observe" },
    { status: "would-apply", reason, facts },
    {
      event: "stage.observed",
      about: [hashOf(reasons)],
      message: `Would act on ${subjectOf(context, facts)}, and did not: ${reason}`,
      data: { stage: context.stage, reasons },
    },
  );
  return moved ? { wakeAt } : lookAgain(context);
}

function hashOf(reasons: readonly string[]): string {
  return [...reasons].sort().join("|");
}

function expireObserved(context: StageContext): Promise<Next> {
  const ending = { status: "expired", reasons: ["observed, and nothing came that permits more"] } as const;
  return endStage(context, ending, { event: "stage.expired", severity: "medium", urgency: "chat" });
}
