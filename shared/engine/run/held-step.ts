/** The kill switch holds what grants anything again. Taking our own disable back is never held. */
import type { PlannedStep } from "../../domain/plan.ts";
import { readInForce } from "../judge/safety.ts";
import type { StageContext } from "../judge/stage-context.ts";
import type { Pause } from "./pause-run.ts";

/** Turned off by us: turning it on again grants nothing that was not there. */
const ownDisables: ReadonlySet<string> = new Set([
  "disable-service-principal",
  "disable-agent",
  "deactivate-application",
]);

const killSwitchLookMs = 60_000;

/** Null: it may be sent. Read again before every step; the undo of our own disable is never held. */
export async function heldByKillSwitch(context: StageContext, step: PlannedStep): Promise<Pause | null> {
  if (context.stage !== "undo" || (step.undoes !== null && ownDisables.has(step.action))) return null;
  const { killSwitch: stopped } = await readInForce(context.writer.services);
  if (stopped === null) return null;
  return { reason: `the kill switch is on: ${stopped.reason}`, wakeAfterMs: killSwitchLookMs };
}
