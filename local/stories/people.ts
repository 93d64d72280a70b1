// The people of a story, each with an object id that is made from their name, so that every tenant gives them the same.
import { personId } from "../person-id.ts";
import type { Actor } from "../tenant/types.ts";
import type { Cast } from "./evidence.ts";
import { isPerson, type Story } from "./story.ts";

/** Everybody the story names with an @. */
export function peopleOf({ tenant, steps }: Story): string[] {
  const before = tenant.flatMap(({ owners, grants }) => [
    ...owners.map(({ owner }) => owner),
    ...grants.flatMap(({ person }) => person ?? []),
  ]);
  const during = steps.flatMap((step) => [
    ...("by" in step ? [step.by] : []),
    ...("owner" in step ? [step.owner] : []),
    ...("person" in step ? [step.person ?? ""] : []),
  ]);
  return [...new Set([...before, ...during])].filter(isPerson);
}

/** @param by the name of an identity, or a person's user principal name */
export function actorOf(cast: Cast, by: string): Actor {
  const member = cast.get(by);
  return member === undefined
    ? { kind: "user", id: personId(by), userPrincipalName: by, ipAddress: "203.0.113.66" }
    : { kind: "app", servicePrincipalId: member.id, appId: member.appId, displayName: member.name };
}

/** Object id of whoever is named. */
export function objectIdOf(cast: Cast, who: string): string {
  return cast.get(who)?.id ?? personId(who);
}
