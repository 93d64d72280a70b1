/** One identity that nobody uses, or that is being retired, as people are shown it: what the scan found, how far it is, what was said. */
import { dayMs } from "../../../domain/day.ts";
import type { IdentityKey, IdentityKind, IdentityRef } from "../../../domain/identity.ts";
import type { Policy } from "../../../domain/policy.ts";
import type { Retirement } from "../../../domain/retirement.ts";
import type { CredentialVerdict, JudgedIdentity, UseReason, UseState } from "../../../domain/use.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { WordOn } from "../../unused/words/words.ts";

/** How long Entra keeps what was deleted softly (learn.microsoft.com/entra/architecture/recover-from-deletions). */
const keptDeletedDays = 30;

/** What is known of one of them. At least one of `judged` and `retirement` is there. */
export interface Unused {
  readonly key: IdentityKey;
  readonly identity: IdentityRef;
  readonly claimedName: string | null;
  readonly kind: IdentityKind;
  readonly judged: JudgedIdentity | null;
  readonly retirement: Retirement | null;
  readonly word: WordOn;
  /** epoch ms at which the scan began; null: none was ever whole */
  readonly readAt: number | null;
}

export interface ShownWord {
  readonly kind: "keep" | "hold" | "release";
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  readonly until: string | null;
  readonly confirmed: boolean;
}

interface ShownStanding extends Pick<Retirement, "state" | "since" | "because" | "incidentId" | "planIds"> {
  readonly owners: readonly string[];
  readonly ownersReadAt: string;
  readonly next: { readonly what: string; readonly at: string } | null;
}

/** As `shared/api/unused.ts` describes it. */
export interface ShownOne {
  readonly identity: Omit<IdentityRef, "tenantId"> & { readonly key: IdentityKey; readonly claimedName: string | null };
  readonly kind: IdentityKind;
  readonly use: UseState | null;
  readonly reasons: readonly UseReason[];
  readonly lastUsedAt: string | null;
  readonly windowDays: number | null;
  readonly unusedSince: string | null;
  readonly privileges: readonly string[];
  readonly credentials: readonly CredentialVerdict[];
  readonly retirement: ShownStanding | null;
  readonly word: ShownWord | null;
  /** why what people said does not hold */
  readonly trouble: string | null;
  readonly readAt: string | null;
}

export function shownUnused(unused: Unused, policy: Pick<Policy, "retire">): ShownOne {
  const { key, identity, claimedName, kind, judged, retirement, word, readAt } = unused;
  const { appId, servicePrincipalId, applicationObjectId } = identity;
  const verdict = judged?.verdict;
  return {
    identity: { key, appId, servicePrincipalId, applicationObjectId, claimedName },
    kind,
    use: verdict?.state ?? null,
    reasons: verdict?.reasons ?? [],
    lastUsedAt: judged === null ? (retirement?.lastUsedAt ?? null) : instant(judged.verdict.lastUsedAt),
    windowDays: verdict?.windowDays ?? null,
    unusedSince: instant(judged?.unusedSince ?? null),
    privileges: judged?.privileges ?? retirement?.privileges ?? [],
    credentials: verdict?.credentials ?? [],
    retirement: retirement === null ? null : standingOf(retirement, policy),
    word: wordOf(word),
    trouble: word.altered,
    readAt: instant(readAt),
  };
}

/** What an owner is shown, whom no role lets see the rest. */
export type ShownToOwner = Pick<
  ShownOne,
  "identity" | "lastUsedAt" | "unusedSince" | "windowDays" | "word" | "readAt"
> & { readonly retirement: Omit<ShownStanding, "incidentId" | "planIds"> | null };

export function shownForOwners(unused: Unused, policy: Pick<Policy, "retire">): ShownToOwner {
  const { identity, lastUsedAt, unusedSince, windowDays, word, readAt, retirement } = shownUnused(unused, policy);
  const open = { identity, lastUsedAt, unusedSince, windowDays, word, readAt };
  if (retirement === null) return { ...open, retirement };
  const { incidentId: _incident, planIds: _plans, ...standing } = retirement;
  return { ...open, retirement: standing };
}

function standingOf(retirement: Retirement, policy: Pick<Policy, "retire">): ShownStanding {
  const { state, since, because, incidentId, planIds, owners, ownersReadAt } = retirement;
  const ids = owners.map(({ objectId }) => objectId);
  return { state, since, because, incidentId, planIds, owners: ids, ownersReadAt, next: nextOf(retirement, policy) };
}

/** What comes next by itself, and not before when; whether it may, its plan's mode and guardrails say then. */
function nextOf(
  { state, toldAt, disabledAt, deletedAt }: Retirement,
  { retire }: Pick<Policy, "retire">,
): ShownStanding["next"] {
  if (state === "told") return step("it is disabled", toldAt, retire.noticeDays);
  if (state === "disabled") return step("it is deleted, and can be restored", disabledAt, retire.disabledDays);
  if (state === "deleted") return step("it is gone for good, by Entra's own clock", deletedAt, keptDeletedDays);
  return null;
}

function step(what: string, from: string | null, days: number): ShownStanding["next"] {
  const at = from === null ? Number.NaN : Date.parse(from) + days * dayMs;
  return Number.isNaN(at) ? null : { what, at: isoAt(at) };
}

export function wordOf({ last, standing }: WordOn): ShownWord | null {
  if (last === null) return null;
  const { kind, by, reason, at, until } = last;
  return { kind, by, reason, at, until, confirmed: standing === "in-force" };
}

function instant(at: number | null): string | null {
  return at === null ? null : isoAt(at);
}
