/**
 * What is usual for identities, learned and kept. Each is read once and held: what it knows already costs no storage. What is new is
 * written at once, against the row as it was read, so of two processes that see two halves of one thing the second sees both.
 */
import { type Baseline, emptyBaseline, type Observation } from "../../domain/baseline.ts";
import { RetryableError } from "../../domain/errors.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import { isWorthWriting, learn, mergeBaselines } from "../../domain/learn.ts";
import type { Tuning } from "../../domain/policy.ts";
import type { Services } from "../../ports/services.ts";
import { createBaselineCache, type Held } from "./baseline-cache.ts";

type Needs = Pick<Services, "clock" | "policy" | "stores">;

export interface Baselines {
  /** What is known of the identity, these included. Throws TerminalError when its row cannot be read. */
  learn(key: IdentityKey, seen: readonly Observation[]): Promise<Baseline>;
}

/** Losing this many races in a row means something is wrong; the trigger's retry comes back. */
const maxRaces = 8;

const failuresKeptMs = 24 * 3600_000;

export function createBaselines(services: Needs): Baselines {
  const cache = createBaselineCache();
  const { stores, clock, policy } = services;
  return {
    async learn(key, seen) {
      const forgetMs = forgetMsOf(policy.tuning);
      let held = cache.get(key) ?? (await readHeld(services, key));
      for (let race = 0; race < maxRaces; race++) {
        const now = clock.now();
        const next = learn(held.baseline, wanted(held.baseline, seen, policy.tuning), now, forgetMs);
        if (!isWorthWriting(held.stored, next)) {
          cache.set(key, { ...held, baseline: next });
          return next;
        }
        const etag = await stores.baselines.put(key, next, held.etag, now + keptMs(next, forgetMs));
        if (etag !== null) {
          cache.set(key, { stored: next, baseline: next, etag });
          return next;
        }
        held = await readHeld(services, key);
      }
      throw contended();
    },
  };
}

/** As it is stored now, whatever this process remembers: another one may have learned more. */
export async function readBaseline({ stores }: Pick<Services, "stores">, key: IdentityKey): Promise<Baseline | null> {
  return (await stores.baselines.get(key))?.baseline ?? null;
}

/**
 * What was learned under an id that nobody knew goes to the identity it turned out to be. Answers what is known of that then. The
 * row stays where it was, so that doing it again finds it.
 */
export async function adoptBaseline(services: Needs, from: IdentityKey, to: IdentityKey): Promise<Baseline | null> {
  const { stores, clock, policy } = services;
  const found = await readBaseline(services, from);
  if (found === null) return readBaseline(services, to);
  const forgetMs = forgetMsOf(policy.tuning);
  for (let race = 0; race < maxRaces; race++) {
    const { stored, etag } = await readHeld(services, to);
    const now = clock.now();
    const merged = mergeBaselines(stored, found, now, forgetMs);
    if (!isWorthWriting(stored, merged)) return stored;
    if ((await stores.baselines.put(to, merged, etag, now + keptMs(merged, forgetMs))) !== null) return merged;
  }
  throw contended();
}

async function readHeld({ stores }: Needs, key: IdentityKey): Promise<Held> {
  const read = await stores.baselines.get(key);
  const stored = read?.baseline ?? emptyBaseline;
  return { stored, baseline: stored, etag: read?.etag ?? null };
}

/** Strangers can make failures without end: what is enough to tell of them is enough. */
function wanted(held: Baseline, seen: readonly Observation[], { failedSignIns }: Tuning): readonly Observation[] {
  return seen.filter(({ facet, at }) => facet !== "failure" || !isCrowded(held, at, failedSignIns));
}

/** Are there so many already within the minutes around that moment? */
function isCrowded({ seen }: Baseline, at: number, { count, minutes }: Tuning["failedSignIns"]): boolean {
  const times = Object.values(seen.failure ?? {})
    .map(([first]) => first)
    .sort((a, b) => a - b);
  return times.some((start, index) => {
    const end = times[index + count - 1];
    return end !== undefined && Math.max(end, at) - Math.min(start, at) <= minutes * 60_000;
  });
}

/** Failures alone matter for minutes, and whoever writes to the hub may claim them of any number of identities. */
function keptMs({ seen }: Baseline, forgetMs: number): number {
  return Object.keys(seen).every((facet) => facet === "failure") ? Math.min(failuresKeptMs, forgetMs) : forgetMs;
}

function forgetMsOf({ forgetDays }: Tuning): number {
  return forgetDays * 24 * 3600_000;
}

function contended(): RetryableError {
  return new RetryableError("the baseline of an identity kept changing while it was learned", { code: "contention" });
}
