/** Disabled for long enough, and quiet: the finding from which the deletion is planned. After a sign of life only people let that go on. */

import { dayMs } from "../../../domain/day.ts";
import type { Finding } from "../../../domain/finding.ts";
import { hashId } from "../../../domain/ids.ts";
import { deleteUnusedIdentity } from "../../../playbooks/delete-unused-identity.ts";
import { isoAt } from "../../../ports/clock.ts";
import { fileFinding } from "../../incident/file-finding.ts";
import type { Next } from "../../judge/stage-context.ts";
import { loadPartition, read } from "../../rows/partition.ts";
import { IdentityRecord, rowKey } from "../../rows/rows.ts";
import { isOpen } from "./course.ts";
import { hourMs, type Look, later, moveOn } from "./look.ts";
import { otherFindings } from "./other-business.ts";
import { provenDisabledAt } from "./proven-disable.ts";
import { readUse } from "./read-use.ts";
import { unusedFinding } from "./window-of-finding.ts";

/** The report may give the time at which a token was used that was issued before. */
const tokensLiveMs = 2 * dayMs;

export async function deleteNext(look: Look): Promise<Next> {
  const { course, now, partition, row, word, writer } = look;
  if (isOpen(course.delete)) return later(look, dayMs);
  if (word.altered !== null || word.unchecked !== null) return later(look, hourMs);
  const dueAt = await deletionDueAt(look);
  if (now < dueAt) return later(look, Math.min(dayMs, dueAt - now));
  const use = await readUse(writer.services, partition.key);
  const disabledAt = Date.parse(row.disabledAt ?? row.since);
  if (use.lastUsedAt !== null && use.lastUsedAt > disabledAt + tokensLiveMs) {
    // in some tenants refused sign-ins count as well, so nobody can tell which of the two it was
    const because = `the report tells of a sign-in at ${isoAt(use.lastUsedAt)}, after it was disabled: somebody had enabled it meanwhile, or was refused; it is not deleted`;
    return moveOn(look, { to: "back", because, event: "unused.back-in-use" });
  }
  if (use.unread !== null) return later(look, hourMs);
  const finding = findingOf(look);
  if (finding === null) return later(look, dayMs);
  await fileFinding(writer.services, partition.key, finding);
  return { wakeAt: now + dayMs, partition: await loadPartition(writer.services.stores.identities, partition.key) };
}

/** Epoch ms. Who denied it, or let it lapse, is asked again after the same time, and what else came up begins it anew. */
async function deletionDueAt({ course, partition, row, word, writer }: Look): Promise<number> {
  const { services } = writer;
  const { disabledDays } = services.policy.retire;
  const isReleased =
    row.state === "asking" && word.last?.kind === "release" && Date.parse(word.last.at) > Date.parse(row.since);
  const asked = course.delete?.endedAt ?? null;
  if (isReleased && (asked === null || asked < (word.last?.at ?? ""))) return 0;
  const others = otherFindings(partition, row.incidentId).map(({ receivedAt }) => receivedAt);
  const since = [row.disabledAt, row.signOfLifeAt, row.state === "asking" ? row.since : null, asked, ...others];
  const proven = (await provenDisabledAt(services, partition, row.incidentId)) ?? 0;
  const last = Math.max(proven, ...since.flatMap((at) => (at === null ? [] : [Date.parse(at)])));
  return last + disabledDays * dayMs;
}

/** One for each time that it is asked: the finding of before says what nobody used, and since when. */
function findingOf({ course, now, partition, row }: Look): Finding | null {
  const began = unusedFinding(partition, row.incidentId);
  const record = read(partition, rowKey.identity, IdentityRecord);
  if (began === null || began.details.about !== "unused" || record === null) return null;
  const round = course.plans.filter(({ playbook }) => playbook === deleteUnusedIdentity.id).length;
  const at = isoAt(now);
  const dedupeBy = `delete ${row.incidentId} ${round}`;
  const isAsked = row.state === "asking";
  return {
    ...began,
    id: hashId(partition.key, began.detection, dedupeBy),
    ceiling: isAsked ? "approve" : "enforce",
    title: isAsked
      ? "Nobody used it, it was disabled, and somebody tried to sign in since: may it be deleted?"
      : "Nobody used it, and nobody missed it since it was disabled",
    subject: record.ref,
    claimedName: record.claimedName,
    dedupeBy,
    details: { ...began.details, phase: "delete" },
    warrant: { ...began.warrant, recordId: dedupeBy, activityAt: at, raisedAt: at },
    receivedAt: at,
  };
}
