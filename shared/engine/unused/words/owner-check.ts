/** What Graph said of somebody who says that they own an identity: signed by the writer. */
import { z } from "zod";
import { Guid } from "../../../domain/identity.ts";
import { UnusedWord } from "../../../domain/retirement.ts";

export const OwnerCheck = z.strictObject({
  tenantId: Guid,
  appId: Guid,
  /** of the word that was looked at last */
  wordHash: z.string(),
  /** the last that an owner said: whoever is none takes it away from nobody */
  confirmed: UnusedWord.nullable(),
  /** why the word that was looked at last does not count; null: it does */
  struckBecause: z.string().nullable(),
  /** ISO 8601 UTC */
  at: z.string(),
});
export type OwnerCheck = z.infer<typeof OwnerCheck>;
