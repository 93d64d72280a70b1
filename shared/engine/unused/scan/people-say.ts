/** What people and the policy say of identities, loaded once for all of them. */
import type { IdentityRef } from "../../../domain/identity.ts";
import type { Held, UseFacts } from "../../../domain/use.ts";
import { idsOf } from "../../../guardrails/guardrail.ts";
import type { Services } from "../../../ports/services.ts";
import type { OwnIdentity } from "../../../ports/tenant.ts";
import { type InForce, readSafety } from "../../judge/safety.ts";
import { nothingSaid, type WordOn, wordsOf } from "../words/words.ts";

export interface PeopleSay extends InForce {
  of(identity: IdentityRef, now: number): Pick<UseFacts, "protectedBy" | "held" | "keptAt">;
}

/** Null: who we are ourselves could not be learned, so that we might name ourselves. Throws RetryableError. */
export async function readPeopleSay(services: Services): Promise<PeopleSay | null> {
  const [safety, words, self] = await Promise.all([readSafety(services), wordsOf(services), services.tenant.whoAmI()]);
  if (self === null) return null;
  const { policy } = services;
  const own = protectedIds(policy, self, safety.protections);
  const holds = Map.groupBy(policy.retire.holds, ({ id }) => id);
  return {
    ...safety,
    of(identity, now) {
      const ids = idsOf(identity);
      const word = words.get(identity.appId ?? "") ?? nothingSaid;
      const byPolicy = ids.flatMap((id) => holds.get(id) ?? []).find(({ until }) => Date.parse(until) > now);
      return {
        protectedBy: safety.protections === null ? unreadable : (ids.map((id) => own.get(id)).find(Boolean) ?? null),
        held: byPolicy === undefined ? laterOf(word, now) : heldByPolicy(byPolicy),
        keptAt: word.keptAt,
      };
    },
  };
}

const unreadable = "the list of what people protected was altered or cannot be read";

function heldByPolicy({ until, reason }: { readonly until: string; readonly reason: string }): Held {
  return { until: Date.parse(until), reason, by: "the policy file" };
}

function laterOf({ held }: WordOn, now: number): Held | null {
  return held !== null && held.until > now ? held : null;
}

/** By id: what protects it, in words. */
function protectedIds(
  { protected: lists }: Services["policy"],
  self: OwnIdentity,
  protections: { readonly never: readonly string[]; readonly ask: readonly string[] } | null,
): ReadonlyMap<string, string> {
  const named = (ids: readonly string[], why: string) => ids.map((id) => [id, why] as const);
  return new Map([
    ...named([...lists.never, ...lists.ask, ...lists.twoPeople], "the policy file protects it by its id"),
    ...named([...(protections?.never ?? []), ...(protections?.ask ?? [])], "people protect it by its id"),
    ...named([self.appId, self.servicePrincipalId], "it is our own identity"),
  ]);
}
