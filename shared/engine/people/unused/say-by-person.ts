/**
 * What a person says about retiring an identity, before it is signed: whether they may say it at all, and whether they say it as who runs
 * Tourniquet, which holds at once, or as its owner, which the writer asks Graph about.
 */

import { samePerson } from "../../../domain/approval.ts";
import { type Caller, hasRole, signatureOf } from "../../../domain/caller.ts";
import { dayMs } from "../../../domain/day.ts";
import { RetryableError, TerminalError } from "../../../domain/errors.ts";
import type { IdentityKey } from "../../../domain/identity.ts";
import type { UnusedWord } from "../../../domain/retirement.ts";
import { idsOf } from "../../../guardrails/guardrail.ts";
import { isoAt } from "../../../ports/clock.ts";
import { sayWord } from "../../unused/words/say-word.ts";
import { type WordOn, wordsOf } from "../../unused/words/words.ts";
import type { TableServices } from "../find-plan.ts";
import { whyOutranked } from "../outranked.ts";
import { type Named, nameIdentity, noSuchUnused } from "./find-unused.ts";
import { type ShownWord, wordOf } from "./shown-unused.ts";

export interface SaidWord {
  readonly key: IdentityKey;
  readonly word: ShownWord;
}

/** A hold that never ends is for the policy file, where others read it. */
const longestHoldDays = 731;
/** Whoever does not own it is not asked about at every press of a button. */
const askedAgainMs = 3600_000;
/** of one person, over all identities */
const mostUnchecked = 20;

/** It is needed. An owner, or whoever it outranks, says so as its owner; a workload has to be an operator. */
export async function keepByPerson(
  services: TableServices,
  id: string,
  caller: Caller,
  reason: string,
): Promise<SaidWord> {
  const named = await nameIdentity(services, id);
  const isOperator = hasRole(caller, "Tourniquet.Operator");
  if (!isOperator && caller.kind === "workload" && caller.roles.length === 0) {
    const message = "a workload keeps nothing as an owner: let a person do it, or give it Tourniquet.Operator";
    throw new TerminalError(message, { code: "needs-person" });
  }
  const asOwner = !isOperator || outrankedIn(services, named, caller) !== null;
  if (asOwner) await refuseTooMuch(services, named, caller, id);
  return say(services, named, caller, { kind: "keep", reason, until: null, asOwner });
}

/** `until` in ISO 8601. Throws TerminalError `bad-until`, `outranked`. */
export async function holdByPerson(
  services: TableServices,
  id: string,
  caller: Caller,
  { until, reason }: { readonly until: string; readonly reason: string },
): Promise<SaidWord> {
  const now = services.clock.now();
  const at = Date.parse(until);
  if (!(at > now)) throw badUntil(`the hold would end at ${until}, which is over: name a later day`);
  if (at > now + longestHoldDays * dayMs) {
    const longest = isoAt(now + longestHoldDays * dayMs).slice(0, 10);
    throw badUntil(
      `a hold lasts two years at most, until ${longest}: say it anew then, or let the policy file hold it`,
    );
  }
  const named = await nameIdentity(services, id);
  const outranked = outrankedIn(services, named, caller);
  if (outranked !== null) throw new TerminalError(outranked, { code: "outranked" });
  return say(services, named, caller, { kind: "hold", reason, until: isoAt(at), asOwner: false });
}

/** What the policy file holds stays held. Throws TerminalError `held-by-policy`, `nothing-said`. */
export async function releaseByPerson(
  services: TableServices,
  id: string,
  caller: Caller,
  reason: string,
): Promise<SaidWord> {
  const named = await nameIdentity(services, id);
  const { retire } = services.policy;
  const byFile = retire.holds.find((hold) => idsOf(named.identity).includes(hold.id));
  const word = named.unused?.word ?? null;
  const isSaid = word !== null && (word.altered !== null || (word.last !== null && word.last.kind !== "release"));
  if (isSaid) return say(services, named, caller, { kind: "release", reason, until: null, asOwner: false });
  if (byFile !== undefined) {
    const message = `the policy file holds ${byFile.id} until ${byFile.until}, and only there it can be changed`;
    throw new TerminalError(message, { code: "held-by-policy" });
  }
  throw new TerminalError(`nobody keeps or holds ${id}, so there is nothing to release`, { code: "nothing-said" });
}

function badUntil(message: string): TerminalError {
  return new TerminalError(message, { code: "bad-until" });
}

/** The policy may name any of its ids, which its rows need not know. */
function outrankedIn(services: TableServices, { partition, identity }: Named, caller: Caller): string | null {
  return whyOutranked(services, partition, caller, idsOf(identity));
}

/** Who need not be an owner is bounded: in what they may speak of, how often, and how much of it waits to be checked. */
async function refuseTooMuch(services: TableServices, { unused }: Named, caller: Caller, id: string): Promise<void> {
  if (unused === null) throw noSuchUnused(id);
  const by = signatureOf(caller);
  const { word } = unused;
  if (word.unchecked !== null && !samePerson(word.unchecked.by, by)) {
    const message = "somebody else says that they own it, and Graph is being asked: nothing is done to it meanwhile";
    throw new RetryableError(message, { code: "word-being-checked", retryAfterMs: 30_000 });
  }
  refuseStruck(services, word, by);
  const mine = [...(await wordsOf(services)).values()].filter((one) => samePerson(one.unchecked?.by ?? "", by));
  if (mine.length < mostUnchecked || word.unchecked !== null) return;
  const message = `${mine.length} of what you want to keep waits until Graph was asked: come back for the rest`;
  throw new RetryableError(message, { code: "word-being-checked", retryAfterMs: 60_000 });
}

function refuseStruck({ clock }: TableServices, { last, standing }: WordOn, by: string): void {
  if (last === null || standing !== "struck" || !samePerson(last.by, by)) return;
  const again = Date.parse(last.at) + askedAgainMs;
  if (clock.now() >= again) return;
  const message = `Graph did not name you among its owners when it was asked for your word of ${last.at}; it is asked again from ${isoAt(again)}. An operator may keep it at once`;
  throw new TerminalError(message, { code: "not-an-owner" });
}

async function say(
  services: TableServices,
  { partition, identity }: Named,
  caller: Caller,
  said: Pick<UnusedWord, "kind" | "reason" | "until" | "asOwner">,
): Promise<SaidWord> {
  const { appId } = identity;
  if (appId === null) {
    const message = "nobody knows its appId yet: name it as `appId:` and the GUID";
    throw new TerminalError(message, { code: "no-app-id" });
  }
  const by = signatureOf(caller);
  const { tenantId } = services.policy;
  const on = await sayWord(services, { tenantId, appId, by, at: isoAt(services.clock.now()), ...said });
  const word = wordOf(on);
  if (word === null) throw new RetryableError("what was said cannot be read back yet", { code: "contention" });
  return { key: partition.key, word };
}
