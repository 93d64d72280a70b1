/**
 * What can take the tenant outranks everybody but administrators: others may neither start, approve nor dismiss anything on it. Known
 * from the policy, and from what the writer read of its permissions; of what nobody looked at yet the writer says it when it turns out.
 */
import { type Caller, hasRole } from "../../domain/caller.ts";
import { TerminalError } from "../../domain/errors.ts";
import type { IdentityRef } from "../../domain/identity.ts";
import { refOfKey } from "../../domain/identity.ts";
import type { Policy } from "../../domain/policy.ts";
import { idsOf } from "../../guardrails/guardrail.ts";
import { type Partition, read } from "../rows/partition.ts";
import { IdentityRecord, KindRow, rowKey } from "../rows/rows.ts";

/** `besides`: ids of the identity that its rows may not hold. Null: nothing is known that keeps the caller from it. */
export function whyOutranked(
  { policy }: { readonly policy: Pick<Policy, "protected"> },
  partition: Partition,
  caller: Pick<Caller, "roles">,
  besides: readonly string[] = [],
): string | null {
  if (hasRole(caller, "Tourniquet.Admin")) return null;
  const record = read(partition, rowKey.identity, IdentityRecord);
  const refs: readonly IdentityRef[] = [refOfKey(partition.key), ...(record === null ? [] : [record.ref])];
  const ids = [...refs.flatMap(idsOf), ...besides];
  const listed = ids.find((id) => policy.protected.tier0.includes(id));
  if (listed !== undefined) return outrankedBecause(`the policy calls ${listed} tier 0`);
  const held = read(partition, rowKey.kind, KindRow);
  return held?.tierZero === true
    ? outrankedBecause(`it held permissions that can take the tenant when we read them at ${held.readAt}`)
    : null;
}

export function outrankedBecause(why: string): string {
  return `a tier-0 identity outranks everybody but a Tourniquet.Admin (${why}); ask an administrator to do it`;
}

/** Throws TerminalError `outranked` where `whyOutranked` says why. */
export function refuseOutranked(...asked: Parameters<typeof whyOutranked>): void {
  const why = whyOutranked(...asked);
  if (why !== null) throw new TerminalError(why, { code: "outranked" });
}
