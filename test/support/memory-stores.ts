/** All stores in memory, with the semantics of the real ones (the contract suite runs over both), and a way to crash at any call. */
import { type ChangesOfActor, mergeChanges, noChanges, stillKept } from "../../shared/domain/changed-object.ts";
import { RetryableError } from "../../shared/domain/errors.ts";
import { type LogRhythm, withArrival, withArrivals } from "../../shared/domain/log-rhythm.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type {
  BaselineStore,
  ChangeStore,
  DependencyReading,
  DependencyStore,
  DueRow,
  DueStore,
  FreshnessStore,
  LeaseStore,
  NamedLocations,
  Reservation,
  ReservationStore,
  StoredBaseline,
  StoredDueRow,
  Stores,
} from "../../shared/ports/stores.ts";
import { Cell, type MemoryData, rowsOf } from "./memory-cells.ts";
import { identityStore } from "./memory-identities.ts";
import { scanStore } from "./memory-scans.ts";
import { type CallHooks, withHooks } from "./store-hooks.ts";

export type { MemoryData } from "./memory-cells.ts";

export interface MemoryStores extends Stores {
  readonly data: MemoryData;
  /** The next call of this name (`identities.commit`) throws and does nothing. */
  failNext(name: string, error?: Error): void;
}

export function newMemoryData(): MemoryData {
  return { identities: new Map(), simple: new Map(), version: 0 };
}

export function createMemoryStores(options: { clock: Clock; data?: MemoryData; hooks?: CallHooks }): MemoryStores {
  const data = options.data ?? newMemoryData();
  const failing = new Map<string, Error>();
  const hooks: CallHooks = {
    async beforeCall(name) {
      const error = failing.get(name);
      failing.delete(name);
      if (error !== undefined) throw error;
      await options.hooks?.beforeCall?.(name);
    },
    async afterCall(name) {
      await options.hooks?.afterCall?.(name);
    },
  };
  const stores = withHooks(bareStores(data, options.clock), hooks);
  const failure = () => new RetryableError("Storage is unreachable.", { code: "storage-unreachable" });
  return { ...stores, data, failNext: (name, error) => void failing.set(name, error ?? failure()) };
}

function bareStores(data: MemoryData, clock: Clock): Stores {
  const table = <T>(name: string, key: string) => new Cell<T>(data, name, key);
  return {
    identities: identityStore(data, clock),
    due: dueStore(data),
    aliases: {
      get: async (tenantId, objectId) =>
        table<Awaited<ReturnType<Stores["aliases"]["get"]>>>("aliases", `${tenantId}|${objectId}`).get() ?? null,
      async learn(identity) {
        for (const id of [identity.servicePrincipalId, identity.applicationObjectId]) {
          const cell = table("aliases", `${identity.tenantId}|${id}`);
          if (id !== null && cell.get() === undefined) cell.set(identity);
        }
      },
    },
    deadLetters: {
      async put(letter) {
        const cell = table("deadletters", `${letter.tenantId}|${letter.id}`);
        if (cell.get() === undefined) cell.set(letter);
      },
      get: async (tenantId, id) =>
        table<Parameters<Stores["deadLetters"]["put"]>[0]>("deadletters", `${tenantId}|${id}`).get() ?? null,
      replace: async (letter) => table("deadletters", `${letter.tenantId}|${letter.id}`).set(letter),
      async list(tenantId, limit) {
        const all = rowsOf<Parameters<Stores["deadLetters"]["put"]>[0]>(data, "deadletters");
        const own = all.filter((letter) => letter.tenantId === tenantId);
        return own.sort((a, b) => b.at.localeCompare(a.at)).slice(0, limit);
      },
    },
    dependencies: dependencyStore(data),
    reservations: reservationStore(data, clock),
    leases: leaseStore(data),
    freshness: freshnessStore(data),
    changes: changeStore(data, clock),
    baselines: baselineStore(data),
    scans: scanStore(data),
    namedLocations: {
      get: async (tenantId) => table<NamedLocations>("named-locations", tenantId).get() ?? null,
      put: async (tenantId, locations) => table("named-locations", tenantId).set(locations),
    },
  };
}

function dueStore(data: MemoryData): DueStore {
  const cell = ({ tenantId, id }: Pick<DueRow, "tenantId" | "id">) =>
    new Cell<StoredDueRow>(data, "due", `${tenantId}|${id}`);
  const put = (row: DueRow) => {
    const version = `v${++data.version}`;
    cell(row).set({ ...row, version });
    return version;
  };
  const all = (tenantId: string) =>
    rowsOf<StoredDueRow>(data, "due")
      .filter((row) => row.tenantId === tenantId)
      .sort((a, b) => a.wakeAt - b.wakeAt);
  return {
    put: async (row) => put(row),
    async settle({ wakeAt, ...row }, version) {
      const stored = cell(row).get();
      const stands = stored !== undefined && stored.version !== version;
      if (wakeAt === null) stands || cell(row).remove();
      else if (!stands || stored.wakeAt > wakeAt) put({ ...row, wakeAt });
    },
    async snooze(row, wakeAt) {
      if (cell(row).get()?.version !== row.version) return null;
      cell(row).set({ ...row, wakeAt });
      return row.version;
    },
    due: async (tenantId, now, limit) =>
      all(tenantId)
        .filter((row) => row.wakeAt <= now)
        .slice(0, limit),
    all: async (tenantId) => all(tenantId),
  };
}

function dependencyStore(data: MemoryData): DependencyStore {
  const cell = (tenantId: string, appId: string) =>
    new Cell<DependencyReading[]>(data, "dependencies", `${tenantId}|${appId}`);
  type Summary = Parameters<DependencyStore["putSummary"]>[1];
  return {
    readings: async (tenantId, appId) => cell(tenantId, appId).get() ?? [],
    async put(tenantId, readings) {
      for (const [appId, reading] of readings) {
        const others = (cell(tenantId, appId).get() ?? []).filter((other) => other.readAt !== reading.readAt);
        cell(tenantId, appId).set([reading, ...others].sort((a, b) => b.readAt - a.readAt).slice(0, 2));
      }
    },
    summary: async (tenantId) => new Cell<Summary>(data, "summaries", tenantId).get() ?? null,
    putSummary: async (tenantId, summary) => new Cell<Summary>(data, "summaries", tenantId).set(summary),
  };
}

function reservationStore(data: MemoryData, clock: Clock): ReservationStore {
  const cell = (tenantId: string) => new Cell<Reservation[]>(data, "reservations", tenantId);
  return {
    async reserve(tenantId, wanted, fits) {
      const held = (cell(tenantId).get() ?? []).filter((one) => one.at > clock.now() - 24 * 3_600_000);
      if (held.some((one) => one.planId === wanted.planId)) return { reserved: true, held };
      if (!fits(held)) return { reserved: false, held };
      cell(tenantId).set([...held, wanted]);
      return { reserved: true, held: [...held, wanted] };
    },
    async release(tenantId, planId) {
      cell(tenantId).set((cell(tenantId).get() ?? []).filter((one) => one.planId !== planId));
    },
  };
}

function leaseStore(data: MemoryData): LeaseStore {
  const cell = (name: string) => new Cell<{ owner: string; until: number }>(data, "leases", name);
  return {
    async acquire(name, owner, now, until) {
      const held = cell(name).get();
      if (held !== undefined && held.owner !== owner && held.until > now) return false;
      cell(name).set({ owner, until });
      return true;
    },
    async release(name, owner) {
      if (cell(name).get()?.owner === owner) cell(name).remove();
    },
  };
}

function changeStore(data: MemoryData, clock: Clock): ChangeStore {
  const cell = (tenantId: string, actorId: string) =>
    new Cell<ChangesOfActor>(data, "changes", `${tenantId}|${actorId}`);
  return {
    async add(tenantId, actorId, changes) {
      const merged = mergeChanges(cell(tenantId, actorId).get() ?? noChanges, changes, clock.now());
      if (merged !== null) cell(tenantId, actorId).set(merged);
    },
    of: async (tenantId, actorId) => stillKept(cell(tenantId, actorId).get() ?? noChanges, clock.now()),
  };
}

function baselineStore(data: MemoryData): BaselineStore {
  const cell = (key: string) => new Cell<StoredBaseline & { readonly expiresAt: number }>(data, "baselines", key);
  return {
    async get(key) {
      const stored = cell(key).get();
      return stored === undefined ? null : { baseline: stored.baseline, etag: stored.etag };
    },
    async put(key, baseline, etag, expiresAt) {
      if ((cell(key).get()?.etag ?? null) !== etag) return null;
      const next = `e${++data.version}`;
      cell(key).set({ baseline, etag: next, expiresAt });
      return next;
    },
    async *keys(tenantId) {
      const all = data.simple.get("baselines")?.keys() ?? [];
      yield* [...all].filter((key) => key.startsWith(`${tenantId}|`));
    },
  };
}

function freshnessStore(data: MemoryData): FreshnessStore {
  const cell = (tenantId: string) => new Cell<Map<string, LogRhythm>>(data, "freshness", tenantId);
  return {
    async seen(tenantId, newest) {
      const all = cell(tenantId).get() ?? new Map<string, LogRhythm>();
      for (const [category, at] of newest) {
        const rhythm = withArrivals(all.get(category), withArrival([], at));
        if (rhythm !== undefined) all.set(category, rhythm);
      }
      cell(tenantId).set(all);
    },
    all: async (tenantId) => cell(tenantId).get() ?? new Map(),
  };
}
