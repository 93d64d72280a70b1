/** Scripted and random misfortune: what Graph and the network do to us, on demand. */
import type { Random } from "./random.ts";

export interface FaultEffect {
  /** answer this status instead of handling the request */
  readonly status?: number;
  /** Graph's `error.code` of that answer */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** cut the connection; nothing was done */
  readonly dropConnection?: boolean;
  /** answer as if done; nothing was done */
  readonly noEffect?: boolean;
  /** wait before anything else */
  readonly delayMs?: number;
  /** do it, then cut the connection */
  readonly applyThenDrop?: boolean;
}

export interface Fault {
  readonly match: {
    readonly method?: string;
    /** tested against `/v1.0/servicePrincipals/…?…`, inside of a `$batch` too */
    readonly path?: RegExp;
    /** only requests by this service principal id */
    readonly by?: string;
  };
  /** how often it strikes; by default always */
  readonly times?: number;
  /** strike only after this many matching requests went through */
  readonly skip?: number;
  readonly effect: FaultEffect;
}

export interface FaultedRequest {
  readonly method: string;
  /** with version and query */
  readonly path: string;
  readonly by: string | null;
}

export interface Faults {
  /** Adds a fault; the answer takes it back. */
  add(fault: Fault): () => void;
  /** Each request fails with this probability in one of these ways, in an order that the twin's seed decides. */
  random(chance: number, effects?: readonly FaultEffect[]): void;
  /** Answers 429 to everything for a while. Without `retryAfterSeconds` no Retry-After is sent. */
  storm(forMs: number, retryAfterSeconds?: number): void;
  /** Answers 503 to everything for a while. */
  unavailable(forMs: number): void;
  clear(): void;
  /** What strikes this request, if anything; uses up one of its times. */
  strike(request: FaultedRequest): FaultEffect | null;
}

const everyday: readonly FaultEffect[] = [
  { status: 503, code: "ServiceUnavailable" },
  { status: 429, code: "TooManyRequests", headers: { "Retry-After": "1" } },
  { status: 409, code: "Directory_ConcurrencyViolation" },
  { status: 503, code: "Directory_ConcurrencyViolation" },
  { status: 504, code: "GatewayTimeout" },
  { dropConnection: true },
  { applyThenDrop: true },
];

interface Armed {
  readonly fault: Fault;
  left: number;
  skip: number;
}

function matches(fault: Fault, request: FaultedRequest): boolean {
  const { method, path, by } = fault.match;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (by !== undefined && by !== request.by) return false;
  return path === undefined || new RegExp(path.source, path.flags.replace("g", "")).test(request.path);
}

export function createFaults(now: () => number, dice: Random): Faults {
  let armed: Armed[] = [];
  let weather: { until: number; effect: FaultEffect } | null = null;
  let chance = 0;
  let effects = everyday;

  function scripted(request: FaultedRequest): FaultEffect | null {
    for (const entry of armed) {
      if (entry.left <= 0 || !matches(entry.fault, request)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return entry.fault.effect;
    }
    return null;
  }
  return {
    add(fault) {
      const entry: Armed = { fault, left: fault.times ?? Number.POSITIVE_INFINITY, skip: fault.skip ?? 0 };
      armed.push(entry);
      return () => {
        armed = armed.filter((other) => other !== entry);
      };
    },
    random(probability, kinds = everyday) {
      chance = probability;
      effects = kinds;
    },
    storm(forMs, retryAfterSeconds) {
      const headers = retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) };
      weather = { until: now() + forMs, effect: { status: 429, code: "TooManyRequests", headers } };
    },
    unavailable(forMs) {
      weather = { until: now() + forMs, effect: { status: 503, code: "ServiceUnavailable" } };
    },
    clear() {
      armed = [];
      weather = null;
      chance = 0;
    },
    strike(request) {
      if (weather && now() < weather.until) return weather.effect;
      const found = scripted(request);
      if (found || chance <= 0 || dice.fraction() >= chance) return found;
      return effects[Math.floor(dice.fraction() * effects.length)] ?? null;
    },
  };
}
