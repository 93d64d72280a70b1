/**
 * Is it still so that nobody uses it? Asked anew right before the act: the report, our own hub, and what people said. A use since withdraws
 * the finding; what nobody can tell is never acted on.
 */
import { describeError, TerminalError } from "../../domain/errors.ts";
import type { Finding, MatchDetails } from "../../domain/finding.ts";
import { refOfKey } from "../../domain/identity.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import type { Partition } from "../rows/partition.ts";
import type { UseRule } from "../unused/decide/use-rules.ts";
import { readUse } from "../unused/life/read-use.ts";
import { whySaid } from "../unused/life/why-wanted.ts";
import { readScanState } from "../unused/scan/scan-state.ts";
import { type WordOn, wordOn } from "../unused/words/words.ts";
import type { Evidence } from "./evidence-answer.ts";
import { containedBy } from "./own-changes.ts";

const dayMs = 24 * 3600_000;
/** Each scan looks at it, once a day. */
const watchLagMs = 2 * dayMs;
const byWatch: UseRule = "unused-by-watch";

/** Throws as the stores do. The time of the answer is that of this reading: old evidence is none. */
export async function disuseEvidence(services: Services, partition: Partition, finding: Finding): Promise<Evidence> {
  const now = services.clock.now();
  const read = { at: isoAt(now), risk: null };
  const { appId } = refOfKey(partition.key);
  if (appId === null) return { ...read, borneOut: null, withdrawn: false, because: "it has no appId to ask by" };
  const word = await wordOn(services, appId);
  const from = Date.parse(finding.warrant.raisedAt) - windowDaysOf(finding.details) * dayMs;
  const against = whySaid({ word, now, partition, writer: { services } }, from) ?? heldByContainment(partition);
  if (against !== null) return { ...read, borneOut: false, withdrawn: true, because: against };
  if (finding.details.about === "unused-credential") return { ...read, borneOut: true, withdrawn: false };
  return { ...read, ...(await byUse(services, partition, finding.details, word, from)) };
}

function windowDaysOf(details: MatchDetails): number {
  return details.about === "unused" ? details.windowDays : 0;
}

/** What is contained is evidence, and its incident decides about it. */
function heldByContainment(partition: Partition): string | null {
  const plan = containedBy(partition);
  return plan === null ? null : `it is contained by plan ${plan.id} (${plan.playbook})`;
}

/** `from`: epoch ms; a use after it is one. */
async function byUse(
  services: Services,
  partition: Partition,
  details: MatchDetails,
  { altered, unchecked }: WordOn,
  from: number,
): Promise<Pick<Evidence, "borneOut" | "withdrawn" | "because">> {
  const unknown = (because: string) => ({ borneOut: null, withdrawn: false, because });
  if (altered !== null) return unknown(altered);
  if (unchecked !== null) return unknown(`${unchecked.by} says that they own it, and Graph was not asked yet`);
  const { lastUsedAt, isListed, unread } = await readUse(services, partition.key);
  if (lastUsedAt !== null && lastUsedAt > from) {
    return { borneOut: false, withdrawn: true, because: `it was used at ${isoAt(lastUsedAt)}` };
  }
  if (unread !== null) return unknown(unread);
  if (isListed || (await isWatched(services, details))) return { borneOut: true, withdrawn: false };
  return unknown("the sign-in report has no row of it");
}

/** What was found unused by our own watch alone still is while that goes on without a break since the last sign-in that it saw. */
async function isWatched(services: Services, details: MatchDetails): Promise<boolean> {
  if (details.about !== "unused" || details.lastUsedAt === null) return false;
  if (!details.reasons.some(({ code }) => code === byWatch)) return false;
  try {
    const watch = (await readScanState(services))?.state.watch;
    if (watch?.since == null || watch.checkedAt === null) return false;
    const isFresh = services.clock.now() - watch.checkedAt <= watchLagMs;
    return isFresh && watch.since <= Date.parse(details.lastUsedAt);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    services.logger.error("The row of the scan cannot be read", { error: describeError(error) });
    return false;
  }
}
