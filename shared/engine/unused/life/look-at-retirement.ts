/** How does a retirement stand? Its owners may want it kept, somebody may use it again, or its next stage is due. */
import type { DueMessage } from "../../../domain/due.ts";
import { refOfKey } from "../../../domain/identity.ts";
import { isRetiring, Retirement } from "../../../domain/retirement.ts";
import { done, type Next } from "../../judge/stage-context.ts";
import { loadPartition, read } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import type { Writer } from "../../run/writer.ts";
import { checkOwner } from "../words/check-owner.ts";
import { wordOn } from "../words/words.ts";
import { courseOf } from "./course.ts";
import { hourMs, type Look, later } from "./look.ts";
import { lookAtDeleted } from "./look-at-deleted.ts";
import { lookAtDisabled } from "./look-at-disabled.ts";
import { lookAtTold } from "./look-at-told.ts";
import { takenBackWhole } from "./taken-back.ts";

type RetirementMessage = Extract<DueMessage, { kind: "retirement" }>;

/** An owner's word is looked at, too, while nothing is under way: whoever said it is told whether it counts. */
export async function lookAtRetirement(writer: Writer, { identity }: RetirementMessage): Promise<Next> {
  const { services } = writer;
  const { appId } = refOfKey(identity);
  if (appId === null) return done;
  const now = services.clock.now();
  const partition = await loadPartition(services.stores.identities, identity);
  const row = read(partition, rowKey.retirement, Retirement);
  const word = await wordOn(services, appId);
  const isChecked = word.unchecked === null || (await checkOwner(services, word.unchecked, row?.owners ?? []));
  if (row === null) return isChecked ? { ...done, partition } : { wakeAt: now + hourMs, partition };
  const course = courseOf(partition, row.incidentId);
  const checked = isChecked && word.unchecked !== null ? await wordOn(services, appId) : word;
  const next = await lookAt({ writer, partition, row, course, word: checked, now });
  return isChecked || next.wakeAt !== null ? next : { ...next, wakeAt: now + hourMs };
}

function lookAt(look: Look): Promise<Next> {
  const whole = takenBackWhole(look);
  if (whole !== null) return whole;
  switch (look.row.state) {
    case "told":
      return lookAtTold(look);
    case "disabled":
    case "asking":
      return lookAtDisabled(look);
    case "deleted":
      return lookAtDeleted(look);
    default:
      return Promise.resolve(isRetiring(look.row) ? later(look, hourMs) : { ...done, partition: look.partition });
  }
}
