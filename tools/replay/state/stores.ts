/** All stores of a replay, in memory and bounded: what is forgotten for lack of room is counted. */
import type { Baseline } from "../../../shared/domain/baseline.ts";
import { type ChangesOfActor, mergeChanges, noChanges, stillKept } from "../../../shared/domain/changed-object.ts";
import type { StoredDeadLetter } from "../../../shared/domain/dead-letter.ts";
import type { IdentityRef } from "../../../shared/domain/identity.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { Reservation, ReservationStore, Stores } from "../../../shared/ports/stores.ts";
import { Bounded } from "./bounded.ts";
import { createDue, type ReplayDue } from "./due.ts";
import { type Committed, createIdentities, type ReplayIdentities } from "./identities.ts";

export interface ReplayStores extends Stores {
  readonly identities: ReplayIdentities;
  readonly due: ReplayDue;
  /** Identities and actors whose baseline was forgotten for lack of room. */
  forgottenBaselines(): number;
}

interface Heard {
  readonly committed: Committed;
  deadLetter(letter: StoredDeadLetter): void;
}

const million = 1_000_000;
/** Some 20,000 identities with a usual baseline. */
const baselineCharacters = 48 * million;
const aliasCharacters = 16 * million;
const changeCharacters = 16 * million;

export function createReplayStores(clock: Clock, heard: Heard): ReplayStores {
  const baselines = new Bounded<Baseline>(baselineCharacters);
  return {
    identities: createIdentities(heard.committed),
    due: createDue(),
    aliases: aliasStore(),
    deadLetters: {
      put: async (letter) => heard.deadLetter(letter),
      get: async () => null,
      replace: nothing,
      list: async () => [],
    },
    dependencies: { readings: async () => [], put: nothing, summary: async () => null, putSummary: nothing },
    reservations: reservationStore(clock),
    leases: { acquire: async () => true, release: nothing },
    freshness: { seen: nothing, all: async () => new Map() },
    changes: changeStore(clock),
    baselines: {
      async get(key) {
        const kept = baselines.get(key);
        return kept === null ? null : { baseline: kept.value, etag: String(kept.version) };
      },
      async put(key, baseline, etag) {
        const version = baselines.version(key);
        if ((version === null ? null : String(version)) !== etag) return null;
        return String(baselines.set(key, baseline));
      },
      async *keys(tenantId) {
        yield* baselines.keys().filter((key) => key.startsWith(`${tenantId}|`));
      },
    },
    scans: { get: async () => null, put: async () => null, putPage: nothing, pages: noPages, drop: nothing },
    namedLocations: { get: async () => null, put: nothing },
    forgottenBaselines: () => baselines.forgotten,
  };
}

/** What only people, timers and the writer put there: nobody does in a replay. */
async function nothing(): Promise<void> {}

function aliasStore(): Stores["aliases"] {
  const kept = new Bounded<IdentityRef>(aliasCharacters);
  return {
    get: async (tenantId, objectId) => kept.get(`${tenantId}|${objectId}`)?.value ?? null,
    async learn(identity) {
      for (const id of [identity.servicePrincipalId, identity.applicationObjectId]) {
        const key = `${identity.tenantId}|${id}`;
        if (id !== null && kept.version(key) === null) kept.set(key, identity);
      }
    },
  };
}

function reservationStore(clock: Clock): ReservationStore {
  const all = new Map<string, readonly Reservation[]>();
  return {
    async reserve(tenantId, wanted, fits) {
      const held = (all.get(tenantId) ?? []).filter(({ at }) => at > clock.now() - 24 * 3600_000);
      if (held.some(({ planId }) => planId === wanted.planId)) return { reserved: true, held };
      const reserved = fits(held);
      const after = reserved ? [...held, wanted] : held;
      all.set(tenantId, after);
      return { reserved, held: after };
    },
    async release(tenantId, planId) {
      all.set(
        tenantId,
        (all.get(tenantId) ?? []).filter((one) => one.planId !== planId),
      );
    },
  };
}

function changeStore(clock: Clock): Stores["changes"] {
  const kept = new Bounded<ChangesOfActor>(changeCharacters);
  return {
    async add(tenantId, actorId, changes) {
      const key = `${tenantId}|${actorId}`;
      const merged = mergeChanges(kept.get(key)?.value ?? noChanges, changes, clock.now());
      if (merged !== null) kept.set(key, merged);
    },
    of: async (tenantId, actorId) => stillKept(kept.get(`${tenantId}|${actorId}`)?.value ?? noChanges, clock.now()),
  };
}

/** A replay scans nothing. */
async function* noPages(): AsyncGenerator<never> {}
