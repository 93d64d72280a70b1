/**
 * Is it still so that nobody uses it? Asked anew right before the act: the report, our own hub, and what people said. A use since withdraws
 * the finding; what nobody can tell is never acted on.
 */
import { dayMs } from "../../domain/day.ts";
import { describeError, TerminalError } from "../../domain/errors.ts";
import type { Finding, MatchDetails } from "../../domain/finding.ts";
import { refOfKey } from "../../domain/identity.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import type { Partition } from "../rows/partition.ts";
import type { UseRule, WindowRule } from "../unused/decide/use-rules.ts";
import { provenDisabledAt } from "../unused/life/proven-disable.ts";
import { readUse } from "../unused/life/read-use.ts";
import { whySaid } from "../unused/life/why-wanted.ts";
import { foundOtherwise } from "../unused/scan/found-otherwise.ts";
import { readScanState } from "../unused/scan/scan-state.ts";
import { type WordOn, wordOn } from "../unused/words/words.ts";
import { credentialEvidence } from "./credential-evidence.ts";
import type { Evidence } from "./evidence-answer.ts";
import { containedBy } from "./own-changes.ts";

/** Each scan looks at it, once a day. */
const watchLagMs = 2 * dayMs;
const byWatch: UseRule = "unused-by-watch";
const byOwnHistory: WindowRule = "window-own-history";

/** Throws as the stores do. The time of the answer is that of this reading: old evidence is none. */
export async function disuseEvidence(
  services: Services,
  partition: Partition,
  incidentId: string,
  finding: Finding,
): Promise<Evidence> {
  const now = services.clock.now();
  const read = { at: isoAt(now), risk: null };
  const { appId } = refOfKey(partition.key);
  if (appId === null) return { ...read, borneOut: null, withdrawn: false, because: "it has no appId to ask by" };
  const word = await wordOn(services, appId);
  const foundAt = foundAtOf(finding, now);
  const from = foundAt - windowDaysOf(finding.details, services.policy) * dayMs;
  const against = whySaid({ word, now, partition, writer: { services } }, from) ?? heldByContainment(partition);
  if (against !== null) return { ...read, borneOut: false, withdrawn: true, because: against };
  const { details } = finding;
  if (details.about === "unused-credential") {
    const { credentials } = services.policy.retire;
    return { ...read, ...(await credentialEvidence(services, details.credential, foundAt, credentials)) };
  }
  const asks = await whyTooEarly(services, partition, incidentId, details);
  const otherwise = await foundOtherwise(services, appId);
  if (otherwise === "unread") {
    return { ...read, borneOut: null, withdrawn: false, because: "what the newest scan found cannot be read" };
  }
  if (otherwise !== null) return { ...read, borneOut: false, withdrawn: true, because: otherwise };
  return { ...read, ...(asks === null ? {} : { asks }), ...(await byUse(services, partition, details, word, from)) };
}

/** Epoch ms. The row is not signed: a time to come, or none, must hide no use. */
function foundAtOf({ warrant }: Finding, now: number): number {
  const at = Date.parse(warrant.raisedAt);
  return Number.isFinite(at) ? Math.min(at, now) : now;
}

/** No row makes a window shorter than the policy has it now. */
function windowDaysOf(details: MatchDetails, { retire }: Services["policy"]): number {
  if (details.about !== "unused") return 0;
  const { privileges, reasons, windowDays } = details;
  const isRare = privileges.length > 0 && !reasons.some(({ code }) => code === byOwnHistory);
  return Math.max(windowDays, retire.unusedDays, isRare ? retire.rareDays : 0);
}

/** A deletion without a person stands on a disable that was ours, and long enough ago, whatever the rows of the retirement say. */
async function whyTooEarly(
  services: Services,
  partition: Partition,
  incidentId: string,
  details: MatchDetails,
): Promise<string | null> {
  if (details.about !== "unused" || details.phase !== "delete") return null;
  const since = await provenDisabledAt(services, partition, incidentId);
  if (since === null) return "our ledger does not prove that we disabled it, and when";
  const { disabledDays } = services.policy.retire;
  if (services.clock.now() - since >= disabledDays * dayMs) return null;
  return `it is disabled since ${isoAt(since)}, for less than ${disabledDays} days`;
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
