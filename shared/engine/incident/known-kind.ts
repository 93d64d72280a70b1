/** What kind of identity it is, as Graph said when the writer last looked. */
import { isDeepStrictEqual } from "node:util";
import { isoAt } from "../../ports/clock.ts";
import { currentStage, type StageContext } from "../judge/stage-context.ts";
import { historyMs } from "../rows/expiry.ts";
import { type Draft, type Partition, read } from "../rows/partition.ts";
import { KindRow, rowKey } from "../rows/rows.ts";
import type { Facts } from "../snapshot/read-facts.ts";

/** Null: nobody has looked yet, or Graph did not know it. */
export function knownKind(partition: Partition): KindRow | null {
  return read(partition, rowKey.kind, KindRow);
}

/** Puts what was learnt with the change at hand, where it is news. */
export function rememberKind(draft: Draft, { kind, managedIdentity, servicePrincipal, readAt }: Facts): void {
  if (kind === "unknown") return;
  const publisherVerified = servicePrincipal ? servicePrincipal.verifiedPublisher?.verifiedPublisherId != null : null;
  const learnt = { kind, managedIdentity, publisherVerified };
  const { readAt: _, ...known } = knownKind(draft.partition) ?? { readAt: "" };
  if (isDeepStrictEqual(known, learnt)) return;
  draft.put(rowKey.kind, { ...learnt, readAt: isoAt(readAt) } satisfies KindRow, readAt + historyMs);
}

/** What this stage deleted itself Graph describes no more: it is still of the kind that it was when the stage began. */
export function asItBegan(context: StageContext, facts: Facts): Facts {
  const isGone = facts.servicePrincipal === null && !facts.application;
  if (facts.kind !== "unknown" || !isGone || currentStage(context).startedAt === null) return facts;
  const known = knownKind(context.partition);
  return known === null ? facts : { ...facts, kind: known.kind, managedIdentity: known.managedIdentity };
}
