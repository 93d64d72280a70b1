/** What kind of identity it is, as Graph said when the writer last looked. */
import { isDeepStrictEqual } from "node:util";
import { Footholds } from "../../domain/footholds.ts";
import { holdsTierZero } from "../../guardrails/tier-zero.ts";
import { isoAt } from "../../ports/clock.ts";
import { currentStage, type StageContext } from "../judge/stage-context.ts";
import { historyMs } from "../rows/expiry.ts";
import { type Draft, type Partition, read } from "../rows/partition.ts";
import { KindRow, rowKey } from "../rows/rows.ts";
import { footholdsOf } from "../snapshot/footholds-of.ts";
import type { Facts } from "../snapshot/read-facts.ts";

/** Null: nobody has looked yet, or Graph did not know it. */
export function knownKind(partition: Partition): KindRow | null {
  return read(partition, rowKey.kind, KindRow);
}

/** Puts what was learnt with the change at hand: its footholds, and its kind where that is news. */
export function rememberKind(draft: Draft, facts: Facts): void {
  const { kind, managedIdentity, servicePrincipal, readAt } = facts;
  rememberFootholds(draft, facts);
  if (kind === "unknown") return;
  const publisherVerified = servicePrincipal ? servicePrincipal.verifiedPublisher?.verifiedPublisherId != null : null;
  const { readAt: _, ...known } = knownKind(draft.partition) ?? { readAt: "", tierZero: null };
  // what could not be read now takes nothing from what was read before
  const tierZero = holdsTierZero(facts) ?? known.tierZero;
  const learnt = { kind, managedIdentity, publisherVerified, tierZero };
  if (isDeepStrictEqual(known, learnt)) return;
  draft.put(rowKey.kind, { ...learnt, readAt: isoAt(readAt) } satisfies KindRow, readAt + historyMs);
}

/** Null: nobody has looked yet, or somebody edited the row: it decides nothing, so the next look just writes it anew. */
export function knownFootholds(partition: Partition): Footholds | null {
  return Footholds.safeParse(partition.rows.get(rowKey.footholds)?.value).data ?? null;
}

function rememberFootholds(draft: Draft, facts: Facts): void {
  const footholds = footholdsOf(facts, knownFootholds(draft.partition));
  if (footholds !== null) draft.put(rowKey.footholds, footholds, facts.readAt + historyMs);
}

/** What this stage deleted itself Graph describes no more: it is still of the kind that it was when the stage began. */
export function asItBegan(context: StageContext, facts: Facts): Facts {
  const isGone = facts.servicePrincipal === null && !facts.application;
  if (facts.kind !== "unknown" || !isGone || currentStage(context).startedAt === null) return facts;
  const known = knownKind(context.partition);
  return known === null ? facts : { ...facts, kind: known.kind, managedIdentity: known.managedIdentity };
}
