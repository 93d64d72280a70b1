/** What an identity left behind: the objects it was seen to create or change, for whoever has contained it. */
import { type ChangedObject, changesKeptMs } from "../../../domain/changed-object.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { Services } from "../../../ports/services.ts";

export interface Descendant {
  readonly id: string;
  readonly type: string | null;
  /** the last thing it did to the object, and when (ISO 8601 UTC) */
  readonly activity: string;
  readonly at: string;
}

export interface Descendants {
  /** newest first; users are apart */
  readonly objects: readonly Descendant[];
  /** Containing people is not ours: these are handed over. */
  readonly users: readonly Descendant[];
  /** Not complete before this time (ISO 8601 UTC): there was too much, or it is longer ago than we keep; null: complete since then. */
  readonly incompleteBefore: string | null;
}

/** `sinceIso`: when the suspicion begins. Known are the last 30 days, at most 200 objects. */
export async function descendantsOf(
  { stores, clock }: Services,
  tenantId: string,
  actorServicePrincipalId: string,
  sinceIso: string,
): Promise<Descendants> {
  const since = Date.parse(sinceIso);
  const { objects, forgottenUntil } = await stores.changes.of(tenantId, actorServicePrincipalId);
  const found = objects.filter(({ at, id }) => at >= since && id !== actorServicePrincipalId);
  const knownFrom = Math.max(forgottenUntil ?? 0, clock.now() - changesKeptMs);
  return {
    objects: found.filter((one) => !isUser(one)).map(shown),
    users: found.filter(isUser).map(shown),
    incompleteBefore: knownFrom >= since ? isoAt(knownFrom) : null,
  };
}

function isUser({ type }: ChangedObject): boolean {
  return type?.toLowerCase() === "user";
}

function shown({ at, ...rest }: ChangedObject): Descendant {
  return { ...rest, at: isoAt(at) };
}
