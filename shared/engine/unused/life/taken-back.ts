/** People took back what retiring an identity did: all of it, and it is restored; or its deletion alone, and it is left as it is. */
import { isoAt } from "../../../ports/clock.ts";
import type { Next } from "../../judge/stage-context.ts";
import { isOpen } from "./course.ts";
import { type Look, moveOn } from "./look.ts";

/** Null: nobody took back what began it. */
export function takenBackWhole(look: Look): Promise<Next> | null {
  const { course, row, now } = look;
  const back = course.disable?.takenBack ?? null;
  if (back === null || row.state === "restored" || row.state === "gone") return null;
  return moveOn(look, {
    to: "restored",
    because: `restored, and never retired again by itself: ${back}`,
    change: { restoredAt: isoAt(now) },
    event: "unused.restored",
  });
}

/** Null: the deletion stands, or was never done. */
export function deletionTakenBack(look: Look): Promise<Next> | null {
  const { course, row } = look;
  const back = course.delete?.takenBack ?? null;
  if (row.state !== "deleted" || back === null || isOpen(course.delete)) return null;
  return moveOn(look, {
    to: "back",
    because: `its deletion was taken back, and it is left disabled until somebody restores the rest: ${back}`,
    event: "unused.back-in-use",
  });
}
