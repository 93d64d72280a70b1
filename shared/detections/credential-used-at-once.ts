/** A credential was added to the identity, and somebody signed in with it at once. */
import { type Baseline, keptAs } from "../domain/baseline.ts";
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { credentialTypeSeen, federatedType } from "../domain/sign-in-values.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { isUnusualAt } from "./support/sign-in-news.ts";
import { federatedUsedAtOnce, isSoon, keysUsedAtOnce, type UsedAtOnce } from "./support/used-at-once.ts";
import { examples } from "./support/used-at-once-examples.ts";

type Trigger = EventOf<"signed-in" | "credentials-changed" | "federated-credentials-changed">;

export const credentialUsedAtOnce = defineDetection({
  id: "credential-used-at-once",
  title: "A new credential was used as soon as it was there",
  severity: "medium",
  attack: ["T1098.001", "T1078.004"],
  patterns: ["A9"],
  guide: {
    why: "Who adds a credential of their own wants to use it: the addition and the first sign-in with it lie minutes apart.",
    check:
      "Who added the credential and whether they should; from where it was used; whether an older credential went away, as in a rotation.",
    falsePositives:
      "A pipeline that rotates its secret and signs in with the new one looks the same, and so does setting up an application.",
    tune: "tuning.usedAtOnceMinutes. Only where the sign-in came from a new network or country, or after 30 silent days, does it go beyond observing, whatever the policy's line says.",
  },
  on: ["signed-in", "credentials-changed", "federated-credentials-changed"],
  ceiling: "approve",
  evaluate,
  examples,
});

function evaluate(event: Trigger, { baseline, tuning }: DetectionFacts): Match | null {
  if (!baseline) return null;
  const used = usedBy(event, baseline, tuning.usedAtOnceMinutes);
  if (used === undefined) return null;
  const { keyId, addedAt, usedAt } = used;
  const unusual = isUnusualAt(baseline, usedAt, tuning.learningDays);
  return {
    title: unusual
      ? "A new credential was used as soon as it was there, and not as the identity usually signs in"
      : "A new credential was used as soon as it was there",
    severity: unusual ? "high" : "medium",
    // every rotation does this; only one that is unusual besides is worth a question
    ...(unusual ? {} : { ceiling: "observe" }),
    // the same whichever of the two records comes first
    dedupeBy: keyId,
    details: {
      about: "credential-used",
      keyId,
      addedAt: new Date(addedAt).toISOString(),
      usedAt: new Date(usedAt).toISOString(),
    },
  };
}

/** The first such use that this event is one half of. */
function usedBy(event: Trigger, baseline: Baseline, minutes: number): UsedAtOnce | undefined {
  const at = Date.parse(event.occurredAt);
  switch (event.type) {
    case "signed-in": {
      if (event.errorCode !== 0) return undefined;
      if (credentialTypeSeen(event) === federatedType)
        return federatedUsedAtOnce(baseline, minutes).find(({ addedAt }) => isSoon(addedAt, at, minutes));
      const signedWith = event.credentialKeyId === null ? null : keptAs(event.credentialKeyId);
      const isIts = ({ keyId, addedAt }: UsedAtOnce) => keyId === signedWith && isSoon(addedAt, at, minutes);
      return keysUsedAtOnce(baseline, minutes).find(isIts);
    }
    case "credentials-changed": {
      const added = new Set(event.succeeded ? event.added.map(({ keyId }) => keptAs(keyId)) : []);
      return keysUsedAtOnce(baseline, minutes).find(({ keyId }) => added.has(keyId));
    }
    case "federated-credentials-changed":
      if (event.added.length === 0) return undefined;
      return federatedUsedAtOnce(baseline, minutes).find(({ addedAt }) => addedAt === at);
  }
}
