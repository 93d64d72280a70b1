/** What could not be read or resolved, reduced: enough to find it again in the hub, never the whole record. */
import { z } from "zod";

/** Where a record came from. */
export const Origin = z.object({
  hub: z.string(),
  partition: z.string(),
  /** of the Event Hubs event that carried it */
  sequenceNumber: z.number(),
  /** index in the event's `records` */
  index: z.number().int(),
});
export type Origin = z.infer<typeof Origin>;

export const DeadLetter = z.object({
  /** why, as a code: `not-json`, `not-an-object`, `too-deep`, `other-tenant`, `no-tenant`, `schema`, `no-victim`, `never-resolved`, `storage-refused`, `stuck`, `failed` */
  reason: z.string(),
  /** one sentence for a person: what, where, how to mend it */
  detail: z.string(),
  category: z.string().nullable(),
  recordId: z.string().nullable(),
  origin: Origin,
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** What became of a record that was taken again. */
export const ReplayResult = z.enum([
  /** detections saw something in it */
  "finding",
  /** what they saw in it was known already */
  "known",
  /** it was read, and nothing was seen in it */
  "nothing-seen",
  /** it says nothing that we listen to */
  "ignored",
  /** it is a dead letter still, or again */
  "dead-letter",
  /** its hub does not hold it any more, or its place was never known */
  "not-found",
  /** what lies in its place is not what became the dead letter, or nobody can tell: it was not taken */
  "another-record",
]);
export type ReplayResult = z.infer<typeof ReplayResult>;

export const Replay = z.object({
  at: z.string(),
  by: z.string(),
  result: ReplayResult,
  /** one sentence for a person */
  detail: z.string(),
});
export type Replay = z.infer<typeof Replay>;

export const StoredDeadLetter = DeadLetter.extend({
  id: z.string(),
  tenantId: z.string(),
  /** hex: of text the SHA-256 of its bytes, of parsed JSON that of its members in their order; null where they could not be walked */
  sha256: z.string().nullable(),
  sizeBytes: z.number().int().nullable(),
  /** at most 200 characters, control characters replaced */
  firstBytes: z.string(),
  at: z.string(),
  /** the last time that somebody had it taken again */
  replay: Replay.optional(),
});
export type StoredDeadLetter = z.infer<typeof StoredDeadLetter>;
