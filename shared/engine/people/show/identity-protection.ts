/** What keeps an identity from being written to, from which list and by whom; and whether it is tier 0. By ids alone. */
import type { IdentityRef } from "../../../domain/identity.ts";
import type { Policy } from "../../../domain/policy.ts";
import { idsOf } from "../../../guardrails/guardrail.ts";
import { knownKind } from "../../incident/known-kind.ts";
import { loadSafety, readProtections } from "../../judge/safety.ts";
import type { Partition } from "../../rows/partition.ts";
import type { TableServices } from "../find-plan.ts";

export interface Protection {
  readonly how: "never" | "ask" | "two-people";
  readonly id: string;
  readonly list: "policy" | "people";
  /** of what people protected; null: the policy file says it */
  readonly by: string | null;
  readonly reason: string | null;
  readonly at: string | null;
}

export interface ShownProtection {
  readonly protections: readonly Protection[];
  /** the list of what people protected was edited behind our back: everything asks until it is mended */
  readonly listAltered: boolean;
  /** a custom security attribute may protect it besides, which the writer reads before it acts; null: the policy names none */
  readonly attribute: string | null;
  readonly tierZero: {
    /** null: nobody has read what it holds */
    readonly is: boolean | null;
    readonly why: string;
  };
}

/** `besides`: an id that it was asked for by. */
export async function shownProtection(
  services: Pick<TableServices, "policy" | "signer" | "stores">,
  partition: Partition,
  ref: IdentityRef,
  besides: string,
): Promise<ShownProtection> {
  const { attribute } = services.policy.protected;
  const ids = [...new Set([...idsOf(ref), besides])];
  const entries = await readProtections(services, await loadSafety(services));
  const byPeople = (entries ?? [])
    .filter((entry) => ids.includes(entry.id))
    .map(({ how, id, by, reason, at }): Protection => ({ how, id, list: "people", by, reason, at }));
  return {
    protections: [...byPolicy(services.policy, ids), ...byPeople],
    listAltered: entries === null,
    attribute: attribute === undefined ? null : `${attribute.set}.${attribute.name}`,
    tierZero: tierOf(services.policy, partition, ids),
  };
}

function byPolicy({ protected: lists }: Policy, ids: readonly string[]): readonly Protection[] {
  const on = (how: Protection["how"], list: readonly string[]) =>
    ids
      .filter((id) => list.includes(id))
      .map((id): Protection => ({ how, id, list: "policy", by: null, reason: null, at: null }));
  return [...on("never", lists.never), ...on("ask", lists.ask), ...on("two-people", lists.twoPeople)];
}

function tierOf(policy: Policy, partition: Partition, ids: readonly string[]): ShownProtection["tierZero"] {
  const listed = ids.find((id) => policy.protected.tier0.includes(id));
  if (listed !== undefined) return { is: true, why: `the policy, or its tier file, calls ${listed} tier 0` };
  const kind = knownKind(partition);
  if (kind === null || kind.tierZero === null) return { is: null, why: "nobody has read what it holds" };
  const held = kind.tierZero ? "it holds an application permission that can take the tenant" : "what it holds cannot";
  return { is: kind.tierZero, why: `${held}, as read by ${kind.readAt}; the policy does not name it` };
}
