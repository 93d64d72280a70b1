/** Objects with their recent versions: reads see the tenant as it was some time ago, writes see it as it is. */
import { isDeepStrictEqual } from "node:util";

/** Shared by all collections: `suspended` swallows changes (a 204 that changes nothing), `revision` counts real ones. */
export interface Gate {
  suspended: boolean;
  revision: number;
  now(): number;
  lagMs(): number;
}

export interface Collection<T extends { readonly id: string }> {
  /** Stores a version as of now. A value equal to the present one is no change. */
  put(value: T): void;
  /** Stores what was always there: visible at once whatever the lag. */
  seed(value: T): void;
  remove(id: string): void;
  latest(id: string): T | undefined;
  /** What a read sees, behind by the replication lag. */
  visible(id: string): T | undefined;
  /**
   * Visible objects from an ordinal on (0 is the first ever stored), each with its ordinal. With a key only those whose
   * keys (see `createCollection`) had it at some time: a superset, for speed.
   */
  scan(from?: number, key?: string): Generator<readonly [ordinal: number, value: T]>;
  /** All visible objects for which the test holds. */
  where(test: (value: T) => boolean, key?: string): T[];
  /** All objects as they are now, whatever the lag, for which the test holds. */
  present(test: (value: T) => boolean, key?: string): T[];
}

interface Version<T> {
  readonly at: number;
  readonly value: T | undefined;
}

/** Versions older than this are dropped; no lag of a test is longer. */
const rememberMs = 600_000;

/** Which ordinals ever had a key; nothing is ever taken out. */
function createIndex<T>(keysOf: (value: T) => readonly string[]) {
  const keyed = new Map<string, Set<number>>();
  return {
    add(value: T, ordinal: number): void {
      for (const key of keysOf(value)) keyed.set(key, (keyed.get(key) ?? new Set()).add(ordinal));
    },
    /** From an ordinal to before `end`; without a key all of them. */
    *from(first: number, end: number, key: string | undefined): Generator<number> {
      if (key === undefined) for (let ordinal = first; ordinal < end; ordinal += 1) yield ordinal;
      else for (const ordinal of keyed.get(key) ?? []) if (ordinal >= first) yield ordinal;
    },
  };
}

/** @param keysOf what an object can be found by besides its id, e.g. the ids of both ends of a relation */
export function createCollection<T extends { readonly id: string }>(
  gate: Gate,
  keysOf: (value: T) => readonly string[] = () => [],
): Collection<T> {
  const entries: Version<T>[][] = [];
  const byKey = createIndex(keysOf);
  const ordinals = new Map<string, number>();

  function versionsOf(id: string): Version<T>[] {
    const known = ordinals.get(id);
    const found = known === undefined ? undefined : entries[known];
    if (found) return found;
    const fresh: Version<T>[] = [];
    ordinals.set(id, entries.push(fresh) - 1);
    return fresh;
  }
  function seenIn(versions: readonly Version<T>[] | undefined): T | undefined {
    const horizon = gate.now() - gate.lagMs();
    return versions?.findLast((version) => version.at <= horizon)?.value;
  }
  function store(id: string, value: T | undefined): void {
    if (gate.suspended) return;
    const versions = versionsOf(id);
    if (isDeepStrictEqual(versions.at(-1)?.value, value)) return;
    const stale = versions.findLastIndex((version) => version.at <= gate.now() - rememberMs);
    if (stale > 0) versions.splice(0, stale);
    versions.push({ at: gate.now(), value });
    if (value !== undefined) byKey.add(value, ordinals.get(id) ?? 0);
    gate.revision += 1;
  }
  function byId(id: string): Version<T>[] | undefined {
    const ordinal = ordinals.get(id);
    return ordinal === undefined ? undefined : entries[ordinal];
  }
  function* scan(from = 0, key?: string): Generator<readonly [number, T]> {
    for (const ordinal of byKey.from(from, entries.length, key)) {
      const value = seenIn(entries[ordinal]);
      if (value !== undefined) yield [ordinal, value];
    }
  }
  return {
    put: (value) => store(value.id, value),
    seed(value) {
      versionsOf(value.id).splice(0, Number.POSITIVE_INFINITY, { at: Number.NEGATIVE_INFINITY, value });
      byKey.add(value, ordinals.get(value.id) ?? 0);
    },
    remove: (id) => store(id, undefined),
    latest: (id) => byId(id)?.at(-1)?.value,
    visible: (id) => seenIn(byId(id)),
    scan,
    where: (test, key) => Array.from(scan(0, key), ([, value]) => value).filter(test),
    present(test, key) {
      const values = Array.from(byKey.from(0, entries.length, key), (ordinal) => entries[ordinal]?.at(-1)?.value);
      return values.filter((value): value is T => value !== undefined && test(value));
    },
  };
}
