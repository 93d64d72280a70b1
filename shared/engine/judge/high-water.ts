/**
 * How far the signed documents of a tenant had come: whoever edits the tables can put an earlier one back, whose signature holds, or take
 * the row away. Each is numbered, so a document with a lower number than was seen before, or none, is known for what it is. What was seen,
 * the process remembers; one that has just begun asks the ledger of the settings.
 */
import { z } from "zod";
import { type IdentityKey, safetyKey } from "../../domain/identity.ts";
import { settingsChain } from "../../domain/ledger.ts";
import type { Services } from "../../ports/services.ts";
import type { IdentityStore } from "../../ports/stores.ts";
import { entriesIn } from "../rows/ledger-rows.ts";
import { loadPartition, type Partition } from "../rows/partition.ts";

export type Numbered = "settings" | "protections";

/** A document that holds. */
export interface Found {
  /** 0: nobody ever wrote one, or it is of before they were numbered */
  readonly serial: number;
  /** as signed; "" where there is none */
  readonly payload: string;
}

interface Marks {
  settings: Found;
  protections: Found;
}

type Reading = Pick<Services, "policy" | "stores">;

const nothing: Found = { serial: 0, payload: "" };
/** Entries that somebody made up must leave room to go on. */
const highest = 1_000_000_000;
const Counted = z.object({ serial: z.int().positive().max(highest) });
const changes: Readonly<Record<string, Numbered>> = {
  "settings.changed": "settings",
  "protection.changed": "protections",
};

/** A process has one store: what was read through it is what the process knows. */
const known = new WeakMap<IdentityStore, Map<IdentityKey, Promise<Marks>>>();

/** What the next document is numbered. */
export async function nextSerial(services: Reading, name: Numbered): Promise<number> {
  return (await marksOf(services))[name].serial + 1;
}

/**
 * What `look` finds in the rows; and whether that is older than what was known before. Rows that another writer changed while they were in
 * hand are read anew first. `found` null: what lies there does not hold anyway.
 */
export async function notGoneBack<T extends { readonly found: Found | null }>(
  services: Reading,
  partition: Partition,
  name: Numbered,
  look: (partition: Partition) => Promise<T>,
): Promise<{ readonly state: T; readonly wentBack: boolean }> {
  const marks = await marksOf(services);
  const mark = marks[name];
  const first = await look(partition);
  const state = isBehind(first.found, mark)
    ? await look(await loadPartition(services.stores.identities, partition.key))
    : first;
  if (isBehind(state.found, mark)) return { state, wentBack: true };
  if (state.found !== null && state.found.serial >= marks[name].serial) marks[name] = state.found;
  return { state, wentBack: false };
}

/** Of two documents of one number, one was put back after the other was written in its stead. */
function isBehind(found: Found | null, mark: Found): boolean {
  if (found === null || mark.serial === 0) return false;
  return (
    found.serial < mark.serial ||
    (found.serial === mark.serial && mark.payload !== "" && found.payload !== mark.payload)
  );
}

function marksOf({ policy, stores }: Reading): Promise<Marks> {
  const store = stores.identities;
  const key = safetyKey(policy.tenantId);
  const tenants = known.get(store) ?? new Map<IdentityKey, Promise<Marks>>();
  known.set(store, tenants);
  const marks = tenants.get(key) ?? fromLedger(store, key);
  tenants.set(key, marks);
  // what could not be read is read again
  marks.catch(() => tenants.get(key) === marks && tenants.delete(key));
  return marks;
}

async function fromLedger(store: IdentityStore, key: IdentityKey): Promise<Marks> {
  const marks: Marks = { settings: nothing, protections: nothing };
  if (store.keepsLedger === false) return marks;
  for (const row of await store.entries(key, settingsChain)) {
    for (const { event, data } of entriesIn(row) ?? []) {
      const name = changes[event];
      const serial = Counted.safeParse(data).data?.serial ?? 0;
      if (name !== undefined && serial > marks[name].serial) marks[name] = { serial, payload: "" };
    }
  }
  return marks;
}
