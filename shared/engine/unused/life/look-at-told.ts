/** Its owners were told, and it works as before: is it wanted or used after all, or was it disabled by now? */

import { dayMs } from "../../../domain/day.ts";
import type { Next } from "../../judge/stage-context.ts";
import { Draft } from "../../rows/partition.ts";
import { isOpen, type Phase } from "./course.ts";
import { hourMs, type Look, later, moveOn } from "./look.ts";
import { whyOutOfHand } from "./out-of-hand.ts";
import { sayPaused } from "./say-paused.ts";
import { whyWanted } from "./why-wanted.ts";

const minuteMs = 60_000;

export async function lookAtTold(look: Look): Promise<Next> {
  const { course, now, row } = look;
  const phase = course.disable;
  // what is written to at this moment comes to its end first
  if (phase?.status === "running") return later(look, minuteMs);
  const outOfHand = whyOutOfHand(look);
  if (outOfHand !== null) return goBack(look, outOfHand);
  if (phase === null) {
    const isLate = now - Date.parse(row.toldAt) > dayMs;
    return isLate ? goBack(look, "there is no plan for what it is; nothing is done to it") : later(look, hourMs);
  }
  if (!isOpen(phase)) return ended(look, phase);
  const paused = await sayPaused(look, new Draft(look.partition));
  if (paused !== null) return paused;
  const wanted = await whyWanted(look, Date.parse(row.toldAt));
  if (wanted === "unread") return later(look, hourMs);
  if (wanted !== null) return goBack(look, wanted);
  const startsAt = Date.parse(phase.plan.notBefore);
  return later(look, startsAt > now ? Math.min(dayMs, startsAt - now) : dayMs);
}

function ended(look: Look, { appliedAt, status, reasons }: Phase): Promise<Next> {
  if (appliedAt === null) {
    const why = status === "done" ? "somebody else had disabled it already" : `${status}: ${reasons.join("; ")}`;
    return goBack(look, `it was not disabled (${why})`);
  }
  return moveOn(look, {
    to: "disabled",
    because: `disabled at ${appliedAt} because nobody used it; whoever misses it can have it restored`,
    change: { disabledAt: appliedAt },
    event: "unused.disabled",
    severity: "medium",
  });
}

function goBack(look: Look, because: string): Promise<Next> {
  return moveOn(look, { to: "back", because, event: "unused.back-in-use" });
}
