/** Which of the federated credentials that were added are news, and which replace one that was there. */
import { type Baseline, isNewAt } from "../../domain/baseline.ts";
import type { EventOf } from "../../domain/event.ts";
import {
  type FederatedTuple,
  federatedTupleHash,
  federatedTupleKey,
  ownDeedHash,
} from "../../domain/federated-tuple.ts";
import type { Match } from "../../domain/finding.ts";
import type { DetectionFacts } from "../detection.ts";
import { actOf } from "./act.ts";

type Change = EventOf<"federated-credentials-changed">;

/** The same credential, or one alike in everything but who vouches. */
export function replacesIssuer({ added, removed, issuerReplaced }: Change): boolean {
  if (issuerReplaced === true) return true;
  return added.some((tuple) => {
    const same = (other: FederatedTuple) => federatedTupleKey({ ...other, issuer: tuple.issuer });
    return removed.some((other) => other.issuer !== tuple.issuer && same(other) === federatedTupleKey(tuple));
  });
}

/** Names only what is news, where anything is: what is trusted, or was here before, is not to be removed. */
export function federatedMatch(event: Change, title: string, facts: DetectionFacts): Match {
  const { objectId, added } = event;
  const news = added.filter((tuple) => !isTrusted(tuple, facts) && !wasHere(tuple, event, facts));
  return {
    title,
    ...(news.length === 0 ? { severity: "informational", ceiling: "observe" } : {}),
    dedupeBy: actOf(event, objectId),
    details: { about: "federated-credential-added", objectId, added: news.length === 0 ? added : news },
  };
}

/** `repo:contoso` does not vouch for `repo:contoso-evil`; and an expression may fit any subject. */
function isTrusted({ issuer, subject }: FederatedTuple, { trustedIssuers = [] }: DetectionFacts): boolean {
  return trustedIssuers.some(({ issuer: trusted, subjectPrefix }) => {
    if (issuer !== trusted || subject?.startsWith(subjectPrefix) !== true) return false;
    const ends = /[:/]$/.test(subjectPrefix);
    return ends || /^([:/]|$)/.test(subject.slice(subjectPrefix.length));
  });
}

/** Baselines forget what they have not seen for the policy's `forgetDays`. */
function wasHere(tuple: FederatedTuple, { occurredAt }: Change, { baseline }: DetectionFacts): boolean {
  if (baseline == null) return false;
  const at = Date.parse(occurredAt);
  const isKnown = isNewAt(baseline, "federated", federatedTupleHash(tuple), at) === false;
  return isKnown && !wasTakenByUs(tuple, baseline, at);
}

/** Who adds again what we removed is at it again; unless we gave it back, because removing it was wrong. */
function wasTakenByUs(tuple: FederatedTuple, { seen }: Baseline, at: number): boolean {
  const [taken, given] = (["taken", "given"] as const).map(
    (deed) => seen["federated-by-us"]?.[ownDeedHash(deed, tuple)],
  );
  if (taken === undefined || taken[0] >= at) return false;
  return given === undefined || given[0] >= at || given[1] <= taken[1];
}
