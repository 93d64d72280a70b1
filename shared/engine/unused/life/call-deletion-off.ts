/** A deletion that waits is called off for a reason of our own: in one commit with what people are told. */

import { dayMs } from "../../../domain/day.ts";
import type { Next } from "../../judge/stage-context.ts";
import { Draft } from "../../rows/partition.ts";
import { isOpen } from "./course.ts";
import { callOff, type Look, later, tellOwners } from "./look.ts";

/** The next look is tomorrow's. */
export async function callDeletionOff(look: Look, because: string): Promise<Next> {
  if (!isOpen(look.course.delete)) return later(look, dayMs);
  const draft = new Draft(look.partition);
  callOff(look, draft, because);
  tellOwners(look, draft, { event: "unused.wanted-back", because });
  return (await draft.commit(look.writer.services.stores.identities)) ? later(look, dayMs) : later(look, 1_000);
}
