/** Baselines in the memory of one process; those not asked for longest go first. */
import type { Baseline } from "../../domain/baseline.ts";
import type { IdentityKey } from "../../domain/identity.ts";

export interface Held {
  /** as the row has it */
  readonly stored: Baseline;
  /** with what was learned since and is not worth a write */
  readonly baseline: Baseline;
  /** null: there is no row */
  readonly etag: string | null;
}

export interface BaselineCache {
  get(key: IdentityKey): Held | undefined;
  set(key: IdentityKey, held: Held): void;
}

/** Values of all baselines together, of some 200 bytes each. */
const mostValues = 200_000;
/** The ids and objects around them. */
const ownWeight = 10;

export function createBaselineCache(most = mostValues): BaselineCache {
  const entries = new Map<IdentityKey, { readonly held: Held; readonly weight: number }>();
  let total = 0;

  function remove(key: IdentityKey): void {
    total -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.held;
    },
    set(key, held) {
      remove(key);
      const weight = weightOf(held.stored) + (held.baseline === held.stored ? 0 : weightOf(held.baseline));
      entries.set(key, { held, weight });
      total += weight;
      for (const oldest of entries.keys()) {
        if (total <= most) return;
        remove(oldest);
      }
    },
  };
}

function weightOf({ seen }: Baseline): number {
  return Object.values(seen).reduce((sum, values) => sum + Object.keys(values).length, ownWeight);
}
