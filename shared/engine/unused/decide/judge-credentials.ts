/**
 * Which credentials of a used identity may be proposed for removal, one by one. What another credential is in use instead of may go; that other
 * one may not, so whatever order they are taken in, a working credential stays.
 */
import { dayMs, isoOf, wholeDays } from "../../../domain/day.ts";
import type { RetirePolicy } from "../../../domain/retire-policy.ts";
import type { CredentialFacts, CredentialVerdict, UseReason } from "../../../domain/use.ts";
import { reportLagMs } from "./judge-by-use.ts";
import { readableDate } from "./last-use.ts";
import type { CredentialRule } from "./use-rules.ts";

interface Judging {
  readonly now: number;
  readonly rules: RetirePolicy["credentials"];
  readonly all: readonly CredentialFacts[];
}

/** It exists already and has not expired; one without an expiry stays valid. */
function isValid({ createdAt, expiresAt }: CredentialFacts, now: number): boolean {
  return (createdAt === null || createdAt <= now) && (expiresAt === null || expiresAt > now);
}

/** Epoch ms of an expiry that has passed; null: it has not, or is no date. */
function expiredAt({ expiresAt }: CredentialFacts, now: number): number | null {
  const at = readableDate(expiresAt);
  return at !== null && at <= now ? at : null;
}

/** Epoch ms; null: not known. */
function lastUse({ lastUsedAt }: CredentialFacts): number | null {
  return readableDate(lastUsedAt ?? null);
}

/** Known to be used within the window, and still valid; a use in the future proves nothing of it. */
function worksFor({ now, rules }: Judging, other: CredentialFacts): boolean {
  const used = lastUse(other);
  if (used === null || used > now || other.signing === true) return false;
  return isValid(other, now) && now - used < rules.unusedDays * dayMs;
}

function isAmbiguous({ keyId }: CredentialFacts, all: readonly CredentialFacts[]): boolean {
  return all.filter((each) => each.keyId === keyId).length > 1;
}

type Ruling = readonly [code: CredentialRule, removable: boolean, words: string, data?: UseReason["data"]];

function ruleOn(credential: CredentialFacts, judging: Judging): Ruling {
  const { now, rules, all } = judging;
  if (credential.signing === true) return ["credential-signing", false, "It signs tokens."];
  if (isAmbiguous(credential, all)) return ["credential-ambiguous", false, "Another credential bears its key id."];
  const expired = expiredAt(credential, now);
  if (expired !== null) {
    const data = { expiresAt: isoOf(expired), daysAgo: wholeDays(now - expired) };
    return now - expired >= rules.expiredDays * dayMs
      ? ["credential-expired", true, `It expired ${data.daysAgo} days ago.`, data]
      : ["credential-expired-lately", false, "It expired lately.", data];
  }
  const used = lastUse(credential);
  if (used === null || !isValid(credential, now)) {
    return ["credential-use-unknown", false, "It is not known when it was used last, or how long it is valid."];
  }
  const data = { lastUsedAt: isoOf(used), daysAgo: wholeDays(now - used) };
  if (now - reportLagMs - used < rules.unusedDays * dayMs) {
    return ["credential-in-use", false, "It was used lately.", data];
  }
  const other = all.find((each) => each !== credential && worksFor(judging, each));
  if (other === undefined) {
    return ["credential-last-known", false, "No other credential is known to be used in its place.", data];
  }
  const words = `It was not used for ${data.daysAgo} days, while another one was.`;
  return ["credential-unused", true, words, { ...data, otherKeyId: other.keyId }];
}

/** One verdict for each credential, in their order. */
export function judgeCredentials(
  all: readonly CredentialFacts[],
  rules: RetirePolicy["credentials"],
  now: number,
): readonly CredentialVerdict[] {
  return all.map((credential) => {
    const { keyId, object, type } = credential;
    const [code, removable, words, data = {}] = ruleOn(credential, { now, rules, all });
    return { keyId, object, type, removable, reason: { code, words, data } };
  });
}
