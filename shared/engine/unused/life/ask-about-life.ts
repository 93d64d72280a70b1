/**
 * Somebody tried to sign in as what was disabled because nobody used it. Any stranger with the client id can cause that, so it enables
 * nothing: a finding that is only told, and the question to its owners and to people.
 */
import type { Finding } from "../../../domain/finding.ts";
import { hashId } from "../../../domain/ids.ts";
import { isoAt } from "../../../ports/clock.ts";
import { fileFinding } from "../../incident/file-finding.ts";
import type { Next } from "../../judge/stage-context.ts";
import { loadPartition, read } from "../../rows/partition.ts";
import { IdentityRecord, rowKey } from "../../rows/rows.ts";
import { type Look, later, moveOn } from "./look.ts";

/** `triedAt`: ISO 8601 UTC, as the record says. */
export async function askAboutLife(look: Look, triedAt: string): Promise<Next> {
  const finding = findingOf(look, triedAt);
  const { services } = look.writer;
  if (finding === null) return later(look, 1_000);
  await fileFinding(services, look.partition.key, finding);
  const partition = await loadPartition(services.stores.identities, look.partition.key);
  return moveOn(
    { ...look, partition },
    {
      to: "asking",
      because: `somebody tried to sign in as it at ${triedAt}, after it was disabled; is it needed? It stays disabled: keep it or restore it, or approve that it is deleted`,
      change: { signOfLifeAt: triedAt },
      event: "unused.sign-of-life",
      severity: "medium",
      data: { triedAt },
    },
  );
}

/** The same for one disable, however often somebody tries: a crash, and what comes meanwhile, repeat nothing. */
function findingOf({ course, now, partition, row }: Look, triedAt: string): Finding | null {
  const planId = course.disable?.plan.id;
  const record = read(partition, rowKey.identity, IdentityRecord);
  if (planId === undefined || row.disabledAt === null || record === null) return null;
  const { disabledAt } = row;
  return {
    id: hashId(partition.key, "sign-of-life", planId),
    detection: "sign-of-life",
    severity: "medium",
    ceiling: "notify",
    title: "Somebody tried to sign in as what was disabled because nobody used it",
    subject: record.ref,
    claimedName: record.claimedName,
    actorId: null,
    dedupeBy: planId,
    details: { about: "sign-of-life", planId, disabledAt, triedAt },
    warrant: { category: "Unused", recordId: planId, correlationId: null, activityAt: triedAt, raisedAt: triedAt },
    receivedAt: isoAt(now),
  };
}
