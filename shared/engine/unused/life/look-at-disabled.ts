/**
 * It is disabled, to see who misses it; or somebody was refused since, and people are asked. Nothing is enabled by itself, and nothing
 * that somebody enabled again is fought.
 */

import type { Next } from "../../judge/stage-context.ts";
import { Draft, read } from "../../rows/partition.ts";
import { IdentityRecord, rowKey } from "../../rows/rows.ts";
import { askAboutLife } from "./ask-about-life.ts";
import { callDeletionOff } from "./call-deletion-off.ts";
import { isOpen } from "./course.ts";
import { deleteNext } from "./delete-next.ts";
import { hourMs, type Look, later, moveOn } from "./look.ts";
import { whyOutOfHand } from "./out-of-hand.ts";
import { readObjects } from "./read-objects.ts";
import { sayPaused } from "./say-paused.ts";
import { whySaid } from "./why-wanted.ts";

const minuteMs = 60_000;
/** Reads may still show the time before our own write. */
const lagMs = hourMs;

export async function lookAtDisabled(look: Look): Promise<Next> {
  const { course, row, partition } = look;
  if (course.delete?.status === "running") return later(look, minuteMs);
  const outOfHand = whyOutOfHand(look);
  if (outOfHand !== null) return goBack(look, outOfHand);
  const deleted = course.delete?.appliedAt ?? null;
  if (deleted !== null && !isOpen(course.delete)) return toDeleted(look, deleted);
  const changed = await whyChanged(look);
  if (changed === "unread") return later(look, hourMs);
  if (changed !== null) return goBack(look, changed);
  const paused = await sayPaused(look, new Draft(partition));
  if (paused !== null) return paused;
  const said = whySaid(look, Date.parse(row.disabledAt ?? row.since));
  if (said !== null) return keepIt(look, said);
  const tried = triedSince(look);
  if (tried !== null && row.state === "disabled") return askAboutLife(look, tried);
  return deleteNext(look);
}

function goBack(look: Look, because: string): Promise<Next> {
  return moveOn(look, { to: "back", because, event: "unused.back-in-use" });
}

function toDeleted(look: Look, deletedAt: string): Promise<Next> {
  return moveOn(look, {
    to: "deleted",
    because: `deleted softly at ${deletedAt} because nobody missed it; it can be restored for 30 days`,
    change: { deletedAt },
    event: "unused.deleted",
    severity: "medium",
  });
}

/** What somebody did to the objects meanwhile; null: it is disabled as we left it. */
async function whyChanged({ now, partition, row, writer }: Look): Promise<string | "unread" | null> {
  const record = read(partition, rowKey.identity, IdentityRecord);
  const objects = await readObjects(writer.services, partition.key, record?.ref ?? null);
  if (objects.enabled === undefined) return "unread";
  if (now - Date.parse(row.disabledAt ?? row.since) < lagMs) return null;
  if (objects.enabled === null) return "somebody else deleted it";
  return objects.enabled ? "somebody enabled it again, and that is left to them" : null;
}

/** Wanted, and disabled: it stays as it is until somebody restores it, and is not deleted meanwhile. */
async function keepIt(look: Look, said: string): Promise<Next> {
  const because = `${said}; it stays disabled until an operator restores it, and is not deleted`;
  if (look.row.state === "disabled" && look.word.keptAt !== null) {
    return moveOn(look, { to: "asking", because, event: "unused.wanted-back", severity: "medium" });
  }
  return callDeletionOff(look, because);
}

/** ISO 8601 UTC of a refused sign-in that people were not told of yet. */
function triedSince({ partition, row }: Look): string | null {
  const tried = read(partition, rowKey.identity, IdentityRecord)?.refusedSignInAt ?? null;
  const since = row.signOfLifeAt ?? row.disabledAt;
  return tried !== null && since !== null && Date.parse(tried) > Date.parse(since) ? tried : null;
}
