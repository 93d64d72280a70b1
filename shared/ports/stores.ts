/**
 * State, as the engine sees it. Table Storage is the truth. Methods throw RetryableError when storage is unreachable or busy
 * and TerminalError when it refuses the data itself; a lost race is a value.
 */
import type { Baseline } from "../domain/baseline.ts";
import type { ChangedObject, ChangesOfActor } from "../domain/changed-object.ts";
import type { StoredDeadLetter } from "../domain/dead-letter.ts";
import type { IdentityKey, IdentityRef } from "../domain/identity.ts";
import type { LogRhythm } from "../domain/log-rhythm.ts";
import type { ScanStore } from "./scan-store.ts";

/** One row of an identity's partition. `etag` is opaque. */
export interface Row {
  readonly key: string;
  readonly etag: string;
  readonly value: unknown;
}

/** Where the entries of an identity's ledger lie: of one chain, or of all. */
export function ledgerPrefix(chain?: string): string {
  return chain === undefined ? "ledger|" : `ledger|${chain}|`;
}

export type Change =
  | { readonly op: "create"; readonly key: string; readonly value: unknown; readonly expiresAt: number }
  | {
      readonly op: "replace";
      readonly key: string;
      readonly value: unknown;
      readonly expiresAt: number;
      readonly etag: string;
    }
  | { readonly op: "delete"; readonly key: string; readonly etag: string };

export type CommitResult =
  /** new etags by row key, of created and replaced rows */
  | { readonly ok: true; readonly etags: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: "conflict" };

/**
 * Everything about one identity lies in one partition, so one commit is one state change: all of it or nothing (an entity
 * group transaction: at most 100 rows, 4 MiB).
 */
export interface IdentityStore {
  /** All rows of the identity, by row key, but the entries of its ledger, which only grow. */
  load(key: IdentityKey): Promise<ReadonlyMap<string, Row>>;
  /** The rows of one chain of its ledger, in their order; the value of one that cannot be read is null. */
  entries(key: IdentityKey, chain: string): Promise<readonly Row[]>;
  /**
   * Applies all changes or none. A lost reply may make the SDK report our own write as 409/412: the adapter writes a nonce
   * into the first changed row, and on 409/412 reads it back and compares.
   */
  commit(key: IdentityKey, changes: readonly Change[]): Promise<CommitResult>;
  /** False: nobody will read a ledger here, so none need be written. */
  readonly keepsLedger?: false;
  /**
   * Identities with a row whose key begins with `rowPrefix`, for listings; never on the path of an event. `since`: only rows written
   * from then on (epoch ms, by the clock of storage).
   */
  list(rowPrefix: string, since?: number): AsyncIterable<{ readonly identity: IdentityKey; readonly row: Row }>;
  /** Deletes rows whose expiry has passed; answers how many. */
  purgeExpired(now: number, limit: number): Promise<number>;
}

/**
 * What is due when: written before the state change it stands for, removed when the thing is done. The hub only wakes. A row is
 * a wish: whoever changes what the thing stands on puts it anew, and a version names the wish that somebody was woken for.
 */
export interface DueRow {
  /** names the due thing */
  readonly id: string;
  readonly tenantId: string;
  /** epoch ms; the sweep publishes it from then on */
  readonly wakeAt: number;
  /** JSON-safe; what the writer gets as its message */
  readonly message: unknown;
  readonly attempts: number;
}

export interface StoredDueRow extends DueRow {
  /** opaque and JSON-safe; goes with the message and comes back with `settle` */
  readonly version: string;
}

/** What the writer leaves of a due thing; `wakeAt` null: it is done. */
export type SettledDue = Omit<DueRow, "wakeAt"> & { readonly wakeAt: number | null };

/** No wish is ever lost: one made while the writer was at work on an older one outlives the writer's word on that. */
export interface DueStore {
  /** A wish: replaces what was there, and answers the version that names it. */
  put(row: DueRow): Promise<string>;
  /**
   * The word of who was woken by the wish that `version` names (null: by none that is known). While that wish still stands, the
   * row is replaced, or removed. Otherwise it can only come sooner: a row that is there keeps its `wakeAt` unless the settled one
   * is earlier, a row that is not there is made when the settled one has a `wakeAt`. Throws RetryableError when the row never
   * stood still; it is there then.
   */
  settle(row: SettledDue, version: string | null): Promise<void>;
  /** The same wish at another time: earlier versions still name it. Answers the newest one; null: it stands no more. */
  snooze(row: StoredDueRow, wakeAt: number): Promise<string | null>;
  /** Rows with wakeAt <= now, earliest first. */
  due(tenantId: string, now: number, limit: number): Promise<readonly StoredDueRow[]>;
  all(tenantId: string): Promise<readonly StoredDueRow[]>;
}

/** (tenant, object id) → the identity's ids. Rows are written once and never change their meaning. */
export interface AliasStore {
  get(tenantId: string, objectId: string): Promise<IdentityRef | null>;
  /** Writes an alias for each object id the reference carries, unless it is known to be there already. */
  learn(identity: IdentityRef): Promise<void>;
}

export interface DeadLetterStore {
  /** The id is a hash of what is kept, so a redelivered record is one dead letter. */
  put(letter: StoredDeadLetter): Promise<void>;
  /** Null: there is none, or none that can be read. */
  get(tenantId: string, id: string): Promise<StoredDeadLetter | null>;
  /** Writes what became of it to the one that is there; the later word stays. */
  replace(letter: StoredDeadLetter): Promise<void>;
  /** Newest first; what somebody edited so that it cannot be read is left out. */
  list(tenantId: string, limit: number): Promise<readonly StoredDeadLetter[]>;
}

/** What depends on an identity, read from Graph by a timer before anything is suspected. */
export interface DependencyReading {
  /** epoch ms of this reading */
  readonly readAt: number;
  /** epoch ms of the last use in any of the five sign-in activities; null: the report has no row */
  readonly lastUsedAt: number | null;
  /** null: not known */
  readonly appProxy: boolean | null;
  /** epoch ms, the application's createdDateTime; null: not known */
  readonly createdAt: number | null;
}

export interface DependencyStore {
  /** Readings of one identity, newest first (the last two are kept). */
  readings(tenantId: string, appId: string): Promise<readonly DependencyReading[]>;
  put(tenantId: string, readings: ReadonlyMap<string, DependencyReading>): Promise<void>;
  /** Of the last complete refresh; null before the first. */
  summary(tenantId: string): Promise<DependencySummary | null>;
  putSummary(tenantId: string, summary: DependencySummary): Promise<void>;
}

export interface DependencySummary {
  readonly readAt: number;
  /** enabled service principals that are not Microsoft's: what the blast radius percentage is of */
  readonly enabledServicePrincipals: number;
}

export interface Reservation {
  readonly planId: string;
  readonly playbook: string;
  /** epoch ms */
  readonly at: number;
  /** counts in the bucket for identities younger than 7 days */
  readonly fresh: boolean;
  /** a tier-0 identity or critical evidence: may use the places kept for such */
  readonly kept?: boolean;
  /** a place in the caps of what retires, counted by itself; without it one in the blast radius of containments */
  readonly retire?: RetireAct;
}

export type RetireAct = "begun" | "disabled" | "deleted";

/** The window of places, of the blast radius and of what retires. One row a tenant, replaced by ETag; concurrent calls of one process are written together. */
export interface ReservationStore {
  /**
   * Reserves when `fits` says so over the reservations of the last 24 h (older ones are dropped). A plan that already holds a
   * reservation is answered true without another.
   */
  reserve(
    tenantId: string,
    wanted: Reservation,
    fits: (held: readonly Reservation[]) => boolean,
  ): Promise<{ readonly reserved: boolean; readonly held: readonly Reservation[] }>;
  /** Gives back what a plan reserved and did not use. */
  release(tenantId: string, planId: string): Promise<void>;
}

/** One run at a time of a timer, over all instances. */
export interface LeaseStore {
  /** True when this owner has it until `until` (epoch ms). */
  acquire(name: string, owner: string, now: number, until: number): Promise<boolean>;
  release(name: string, owner: string): Promise<void>;
}

/** When the newest record of each category came, and how long it usually takes until the next: blindness is an incident. */
export interface FreshnessStore {
  /** `newest`: category → epoch ms. Cheap to call often; written at most every 30 s. */
  seen(tenantId: string, newest: ReadonlyMap<string, number>): Promise<void>;
  all(tenantId: string): Promise<ReadonlyMap<string, LogRhythm>>;
}

/** What each workload identity was seen to create or change (see `domain/changed-object.ts`). */
export interface ChangeStore {
  /** Adds to what is known of the actor; the same change twice is one. One read and at most one write. */
  add(tenantId: string, actorId: string, changes: readonly ChangedObject[]): Promise<void>;
  of(tenantId: string, actorId: string): Promise<ChangesOfActor>;
}

export interface StoredBaseline {
  readonly baseline: Baseline;
  /** opaque */
  readonly etag: string;
}

/** What is usual for each identity, and for each actor (`tenant|actor:id`): one bounded row each, gone when nothing is seen for long. */
export interface BaselineStore {
  /** One read. Null: nothing was ever learned, or it was forgotten. */
  get(key: IdentityKey): Promise<StoredBaseline | null>;
  /** Replaces the row that `etag` names (null: there must be none). Null: lost a race, read again; else the new etag. */
  put(key: IdentityKey, baseline: Baseline, etag: string | null, expiresAt: number): Promise<string | null>;
  /** Of whom something was learned in that tenant, a thousand a request, for who looks at everybody. */
  keys(tenantId: string): AsyncIterable<IdentityKey>;
}

/** The tenant's trusted IP named locations, as a timer read them. */
export interface NamedLocations {
  /** epoch ms of this reading */
  readonly readAt: number;
  /** CIDR notation, of all of them together */
  readonly ranges: readonly string[];
}

export interface NamedLocationStore {
  /** Null: never read. */
  get(tenantId: string): Promise<NamedLocations | null>;
  /** Throws TerminalError `value-too-large` for more ranges than one row holds (some hundred thousand). */
  put(tenantId: string, locations: NamedLocations): Promise<void>;
}

export interface Stores {
  readonly scans: ScanStore;
  readonly identities: IdentityStore;
  readonly due: DueStore;
  readonly aliases: AliasStore;
  readonly deadLetters: DeadLetterStore;
  readonly dependencies: DependencyStore;
  readonly reservations: ReservationStore;
  readonly leases: LeaseStore;
  readonly freshness: FreshnessStore;
  readonly changes: ChangeStore;
  readonly baselines: BaselineStore;
  readonly namedLocations: NamedLocationStore;
}
