/** The kill switch holds what grants anything again. Taking our own disable back is never held. */
import type { PlannedStep } from "../../domain/plan.ts";
import { readInForce } from "../judge/safety.ts";
import type { StageContext } from "../judge/stage-context.ts";
import { isOwnDisable } from "../undo/own-disables.ts";
import type { Pause } from "./pause-run.ts";

const killSwitchLookMs = 60_000;

/** Null: it may be sent. Read again before every step; the undo of our own disable is never held. */
export async function heldByKillSwitch(context: StageContext, step: PlannedStep): Promise<Pause | null> {
  if (context.stage !== "undo" || (step.undoes !== null && isOwnDisable(step))) return null;
  const { killSwitch: stopped } = await readInForce(context.writer.services);
  if (stopped === null) return null;
  return { reason: `the kill switch is on: ${stopped.reason}`, wakeAfterMs: killSwitchLookMs };
}
