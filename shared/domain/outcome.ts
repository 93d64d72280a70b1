/** What became of one step. Its verification is a state of its own, kept with the stage. */
import { z } from "zod";

export const OutcomeStatus = z.enum([
  "applied",
  "already-in-place",
  "would-apply",
  "awaiting-approval",
  "deferred",
  "blocked",
  "skipped",
  "failed",
  "cancelled",
  "expired",
  "reverted",
]);
export type OutcomeStatus = z.infer<typeof OutcomeStatus>;

export const Outcome = z.object({
  status: OutcomeStatus,
  /** one sentence for a person */
  reason: z.string(),
  /** ISO 8601 UTC */
  at: z.string(),
  /** Graph's request ids of the change */
  requestIds: z.array(z.string()).default([]),
});
export type Outcome = z.infer<typeof Outcome>;

/** `verified`: two agreeing reads at least 60 s apart, or one and a refused sign-in later than our write. */
export const VerificationState = z.enum(["unverified", "verified", "contradicted"]);
export type VerificationState = z.infer<typeof VerificationState>;

export const Verification = z.object({
  state: VerificationState,
  /** ISO 8601 UTC of the last change the stage made; a refused sign-in must be later */
  appliedAt: z.string(),
  reads: z.array(z.object({ at: z.string(), agrees: z.boolean() })),
  /** ISO 8601 UTC of the sign-in refused with AADSTS7000112 that bore it out, if that is how it was verified */
  refusedSignInAt: z.string().nullable(),
});
export type Verification = z.infer<typeof Verification>;
