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

export const StoredDeadLetter = DeadLetter.extend({
  id: z.string(),
  tenantId: z.string(),
  /** SHA-256 of the bytes we were given, hex; null where they could not be walked */
  sha256: z.string().nullable(),
  sizeBytes: z.number().int().nullable(),
  /** at most 200 characters, control characters replaced */
  firstBytes: z.string(),
  at: z.string(),
});
export type StoredDeadLetter = z.infer<typeof StoredDeadLetter>;
