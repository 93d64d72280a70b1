/**
 * What people said about retiring an identity: signed rows of the tenant's `unused` partition, an operator's and an owner's apart, so that
 * who only says that they own it takes no operator's word away. The ledger tells of each that was said: a row that is gone, edited or an
 * earlier one holds the identity, since whoever edits the tables must not be able to have it retired.
 */
import { z } from "zod";
import { type IdentityKey, tenantOf, unusedKey } from "../../../domain/identity.ts";
import { hashId } from "../../../domain/ids.ts";
import { chainOf } from "../../../domain/ledger.ts";
import { UnusedWord } from "../../../domain/retirement.ts";
import type { Held } from "../../../domain/use.ts";
import type { Services } from "../../../ports/services.ts";
import { entriesIn } from "../../rows/ledger-rows.ts";
import { loadPartition, type Partition } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import { signedRow } from "../../rows/signed-rows.ts";
import { OwnerCheck } from "./owner-check.ts";

type Reading = Pick<Services, "clock" | "policy" | "signer" | "stores">;

/** What people said about one identity, and what it comes to now. */
export interface WordOn {
  /** what was said last; null: nothing that holds */
  readonly last: UnusedWord | null;
  /** of the last: `unchecked` and `struck` only of who says that they own it */
  readonly standing: "in-force" | "unchecked" | "struck";
  /** epoch ms of the latest "keep" that is in force: it counts as a use */
  readonly keptAt: number | null;
  readonly keptBy: string | null;
  /** left alone until then: by a hold, by an owner's word that nobody checked yet, or by a row that somebody edited */
  readonly held: Held | null;
  /** an owner's word that the writer still has to check */
  readonly unchecked: UnusedWord | null;
  /** why a word does not hold; null: all do */
  readonly altered: string | null;
}

export const nothingSaid: WordOn = {
  last: null,
  standing: "in-force",
  keptAt: null,
  keptBy: null,
  held: null,
  unchecked: null,
  altered: null,
};

/** The event of the ledger that tells of each word. */
export const wordSaid = "unused.word";
/** Long enough for the next look, which says it anew. */
const pauseMs = 24 * 3600_000;
const looks = 3;
const Said = z.object({ row: z.string(), hash: z.string() });

/** By appId, lower case; who is not in it was never spoken of. */
export async function wordsOf(services: Reading): Promise<ReadonlyMap<string, WordOn>> {
  const key = unusedKey(services.policy.tenantId);
  const { partition, said } = await loadWords(services, key);
  const names = [...partition.rows.keys(), ...said.keys()].flatMap(
    (name) => /^(?:word|owner)\|(.+)$/.exec(name)?.[1] ?? [],
  );
  const appIds = [...new Set(names)];
  const words = await Promise.all(appIds.map((appId) => standingOf(services, partition, said, appId)));
  return new Map(appIds.map((appId, i) => [appId, words[i] ?? nothingSaid]));
}

/** The same of one identity. */
export async function wordOn(services: Reading, appId: string): Promise<WordOn> {
  return (await wordsOf(services)).get(appId.toLowerCase()) ?? nothingSaid;
}

/** Row → hash of what the ledger says was written to it last. */
type SaidRows = ReadonlyMap<string, string>;

/** Rows and the ledger are two reads: a word that is said between them is no edit, so a difference is looked at again. */
async function loadWords(services: Reading, key: IdentityKey) {
  let loaded = await look(services, key);
  for (let again = 1; again < looks && !agree(loaded); again++) loaded = await look(services, key);
  return loaded;
}

async function look({ stores }: Reading, key: IdentityKey) {
  const said = new Map<string, string>();
  const entries =
    stores.identities.keepsLedger === false ? [] : await stores.identities.entries(key, chainOf(key, null));
  for (const { event, data } of entries.flatMap((row) => entriesIn(row) ?? [])) {
    const one = event === wordSaid ? Said.safeParse(data).data : undefined;
    if (one !== undefined) said.set(one.row, one.hash);
  }
  return { partition: await loadPartition(stores.identities, key), said };
}

function agree({ partition, said }: { readonly partition: Partition; readonly said: SaidRows }): boolean {
  return [...said].every(([row, hash]) => hashId(signedRow(partition, row)?.payload ?? "") === hash);
}

async function standingOf(services: Reading, partition: Partition, said: SaidRows, appId: string): Promise<WordOn> {
  const [mine, owners, check] = await Promise.all([
    wordIn(services, partition, said, rowKey.unusedWord(appId), appId),
    wordIn(services, partition, said, rowKey.ownersWord(appId), appId),
    checkIn(services, partition, appId),
  ]);
  const altered = [mine, owners].some((one) => one === "altered")
    ? `a word about ${appId} was altered, taken away, or an earlier one put back; it is left alone until an operator says anew what is to be`
    : null;
  const operator = mine === "altered" ? null : mine;
  const since = operator?.kind === "release" ? Date.parse(operator.at) : Number.NEGATIVE_INFINITY;
  const owner = owners === "altered" || owners === null || Date.parse(owners.at) <= since ? null : owners;
  const isChecked = owner !== null && check?.wordHash === hashId(JSON.stringify(owner));
  const confirmed = check?.confirmed != null && Date.parse(check.confirmed.at) > since ? check.confirmed : null;
  const unchecked = owner === null || isChecked ? null : owner;
  const kept = latest(operator?.kind === "keep" ? operator : null, confirmed);
  const last = latest(operator, owner);
  return {
    last,
    standing: last === null || last !== owner ? "in-force" : standingOfOwners(unchecked, confirmed, last),
    keptAt: kept === null ? null : Date.parse(kept.at),
    keptBy: kept?.by ?? null,
    held: heldBy(operator, unchecked, altered, services.clock.now()),
    unchecked,
    altered,
  };
}

function standingOfOwners(unchecked: UnusedWord | null, confirmed: UnusedWord | null, word: UnusedWord) {
  if (unchecked !== null) return "unchecked";
  return confirmed !== null && JSON.stringify(confirmed) === JSON.stringify(word) ? "in-force" : "struck";
}

function latest(a: UnusedWord | null, b: UnusedWord | null): UnusedWord | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(b.at) > Date.parse(a.at) ? b : a;
}

function heldBy(
  operator: UnusedWord | null,
  unchecked: UnusedWord | null,
  altered: string | null,
  now: number,
): Held | null {
  if (altered !== null) return { until: now + pauseMs, reason: altered, by: "tourniquet" };
  const until = operator?.kind === "hold" ? Date.parse(operator.until ?? "") : Number.NaN;
  // a hold without an end that can be read never ends by itself
  if (operator?.kind === "hold" && !(until <= now)) {
    return { until: Number.isNaN(until) ? now + pauseMs : until, reason: operator.reason, by: operator.by };
  }
  if (unchecked === null) return null;
  const reason = `${unchecked.by} says that they own it and need it, and Graph was not asked yet: ${unchecked.reason}`;
  return { until: now + pauseMs, reason, by: unchecked.by };
}

/** `"altered"`: not as we signed it, of another identity, or not what the ledger says was written there last. */
async function wordIn(
  { policy, signer }: Reading,
  partition: Partition,
  said: SaidRows,
  key: string,
  appId: string,
): Promise<UnusedWord | "altered" | null> {
  const row = signedRow(partition, key);
  const hash = said.get(key);
  if (row === null) return hash === undefined ? null : "altered";
  if (!(await signer.verify(row.payload, row.signature))) return "altered";
  if (hash !== undefined && hash !== hashId(row.payload)) return "altered";
  const word = UnusedWord.safeParse(JSON.parse(row.payload)).data;
  const isHere =
    word?.tenantId === policy.tenantId && word.appId === appId && tenantOf(partition.key) === policy.tenantId;
  return isHere && word.asOwner === (key === rowKey.ownersWord(appId)) ? word : "altered";
}

/** Null: there is none that holds, and then the word is checked again. */
async function checkIn({ signer }: Reading, partition: Partition, appId: string): Promise<OwnerCheck | null> {
  const row = signedRow(partition, rowKey.checkedWord(appId));
  if (row === null || !(await signer.verify(row.payload, row.signature))) return null;
  const check = OwnerCheck.safeParse(JSON.parse(row.payload)).data;
  return check?.appId === appId ? check : null;
}
