/**
 * The ledger: what happened, appended and never changed. One chain an incident, and one (`settings`) for what holds the whole tenant.
 * Each entry carries the hash of the one before it, so that whoever changes, drops or reorders one breaks every later one.
 */
import { z } from "zod";
import { type IdentityKey, safetyKey, tenantOf } from "./identity.ts";
import { hashId } from "./ids.ts";

/** The chain of what people set for the whole tenant. */
export const settingsChain = "settings";

/** Where an entry belongs: to its incident, or to what holds the whole tenant, or to whoever the rows under `key` are about. */
export function chainOf(key: IdentityKey, incidentId: string | null): string {
  if (incidentId !== null) return incidentId;
  return key === safetyKey(tenantOf(key)) ? settingsChain : identityChain(key);
}

const standing = "identity:";

/** Of what is of no incident, under one identity or topic; the name is nobody else's, so that the chain cannot be moved to another. */
export function identityChain(key: IdentityKey): string {
  return standing + hashId(key);
}

/** Does it never end? That of an incident does. */
export function isStanding(chain: string): boolean {
  return chain === settingsChain || chain.startsWith(standing);
}

/** The hash that the first entry of a chain names. */
export const noEntry = "";

export const LedgerEntry = z.strictObject({
  tenantId: z.string(),
  chain: z.string().min(1),
  /** from 1, without a gap */
  seq: z.int().positive(),
  /** ISO 8601 UTC */
  at: z.string(),
  /** `finding.filed`, `plan.made`, `decision.given`, `step.intended`, `step.ended`, or the event of a notice */
  event: z.string().min(1),
  /** `tourniquet`, or who did it */
  by: z.string().min(1),
  /** one sentence, ids first, names quoted and last */
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
  /** `hash` of the entry before; of the first `noEntry` */
  prev: z.string(),
  /** SHA-256 over everything else in canonical JSON (RFC 8785), base64url */
  hash: z.string(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** What is known of an entry before it has its place. */
export interface Deed {
  readonly chain: string;
  /** ISO 8601 UTC, by the clock of whoever did it */
  readonly at: string;
  readonly event: string;
  readonly by: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The end of a chain, as kept beside it and as published. */
export const LedgerHead = z.strictObject({ chain: z.string(), seq: z.int().nonnegative(), hash: z.string() });
export type LedgerHead = z.infer<typeof LedgerHead>;

/** A head that was signed and published to the `outcomes` hub, over the canonical JSON of the rest with the tenant. */
export const SealedHead = LedgerHead.extend({ at: z.string(), signature: z.string() });
export type SealedHead = z.infer<typeof SealedHead>;
