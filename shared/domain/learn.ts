/**
 * Learning: a merge of what is known with what was seen. Below the bounds it does not matter in what order things are seen, how
 * often, or by how many processes; above them the values seen last stay, and `forgotten` says that others were there.
 */
import {
  type Baseline,
  emptyBaseline,
  type Facet,
  keptAs,
  mostValues,
  type Observation,
  type Sighting,
} from "./baseline.ts";

type Values = Readonly<Record<string, Sighting>>;

/** Clocks differ by this much. */
const skewMs = 5 * 60_000;

/** A shift of `last` by less is not worth a write: it only decides what is forgotten first. */
const laterMs = 3600_000;

const ofChanges: ReadonlySet<Facet> = new Set([
  "key-added",
  "federated",
  "federated-by-us",
  "grant",
  "actor",
  "life",
  "created",
]);

/**
 * The same object when there is nothing to learn. What claims to be of the future is not believed at all, for it would hide
 * everything until then; nor is what is older than `forgetMs`.
 */
export function learn(held: Baseline, seen: readonly Observation[], now: number, forgetMs: number): Baseline {
  const timely = seen.filter(({ at }) => at > now - forgetMs && at >= 0 && at <= now + skewMs);
  const untold = timely.filter((one) => !isHeld(held, one));
  if (untold.length === 0) return held;
  return seenLater(held, untold, now - forgetMs) ?? mergeBaselines(held, baselineOf(timely), now, forgetMs);
}

/** What most sign-ins teach: the same values, seen later than before. Null: there is more to it. */
function seenLater(held: Baseline, untold: readonly Observation[], forgottenAt: number): Baseline | null {
  const seen = { ...held.seen };
  for (const { facet, value, at: said } of untold) {
    const [at, kept] = [Math.trunc(said), keptAs(value)];
    const [first, last] = seen[facet]?.[kept] ?? [Number.POSITIVE_INFINITY, 0];
    if (first > at || last <= forgottenAt || !isWatchedAt(held, facet, at)) return null;
    if (last < at) seen[facet] = { ...seen[facet], [kept]: [first, at] };
  }
  return { ...held, seen };
}

/** Of two processes, or of one object under two keys. Values not seen for `forgetMs` go. */
export function mergeBaselines(a: Baseline, b: Baseline, now: number, forgetMs: number): Baseline {
  const forgottenAt = now - forgetMs;
  const merged: { seen: Baseline["seen"]; forgotten: Baseline["forgotten"] } = { seen: {}, forgotten: {} };
  for (const facet of Object.keys({ ...a.seen, ...b.seen, ...a.forgotten, ...b.forgotten }) as Facet[]) {
    const values = union(a.seen[facet] ?? {}, b.seen[facet] ?? {}, forgottenAt);
    const { kept, droppedAt } = bounded(values, mostValues[facet]);
    if (kept.length > 0) merged.seen[facet] = Object.fromEntries(kept);
    const forgotten = Math.max(a.forgotten[facet] ?? -1, b.forgotten[facet] ?? -1, droppedAt);
    if (forgotten > forgottenAt && forgotten >= 0) merged.forgotten[facet] = forgotten;
  }
  return {
    signInsSince: earliest(a.signInsSince, b.signInsSince),
    changesSince: earliest(a.changesSince, b.changesSince),
    ...merged,
  };
}

/** Does it say anything that the stored one does not, and that must not be lost? */
export function isWorthWriting(stored: Baseline, held: Baseline): boolean {
  if (stored === held) return false;
  if (stored.signInsSince !== held.signInsSince || stored.changesSince !== held.changesSince) return true;
  return (Object.keys({ ...held.seen, ...held.forgotten }) as Facet[]).some((facet) => {
    if (stored.forgotten[facet] !== held.forgotten[facet]) return true;
    if (stored.seen[facet] === held.seen[facet]) return false;
    const before = stored.seen[facet] ?? {};
    return Object.entries(held.seen[facet] ?? {}).some(([value, [first, last]]) => {
      const known = before[value];
      return known === undefined || known[0] !== first || last - known[1] > laterMs;
    });
  });
}

function isHeld(held: Baseline, { facet, value, at }: Observation): boolean {
  const sighting = held.seen[facet]?.[keptAs(value)];
  if (sighting === undefined || sighting[0] > at || sighting[1] < at) return false;
  return isWatchedAt(held, facet, at);
}

function isWatchedAt({ changesSince, signInsSince }: Baseline, facet: Facet, at: number): boolean {
  const since = ofChanges.has(facet) ? changesSince : signInsSince;
  return !startsWatch(facet) || (since !== null && since <= at);
}

/** A failure is anybody's doing: it does not begin to tell what is usual. */
function startsWatch(facet: Facet): boolean {
  return facet === "day" || ofChanges.has(facet);
}

function baselineOf(observations: readonly Observation[]): Baseline {
  const seen: Partial<Record<Facet, Record<string, Sighting>>> = {};
  let { signInsSince, changesSince } = emptyBaseline;
  for (const { facet, value, at: said } of observations) {
    const at = Math.trunc(said);
    const values = seen[facet] ?? {};
    seen[facet] = values;
    const kept = keptAs(value);
    const known = values[kept] ?? [at, at];
    values[kept] = [Math.min(known[0], at), Math.max(known[1], at)];
    if (facet === "day") signInsSince = earliest(signInsSince, at);
    if (ofChanges.has(facet)) changesSince = earliest(changesSince, at);
  }
  return { signInsSince, changesSince, seen, forgotten: {} };
}

function union(a: Values, b: Values, forgottenAt: number): ReadonlyMap<string, Sighting> {
  const all = new Map<string, Sighting>();
  for (const values of [a, b]) {
    for (const [value, [first, last]] of Object.entries(values)) {
      if (last <= forgottenAt) continue;
      const known = all.get(value);
      all.set(value, known === undefined ? [first, last] : [Math.min(known[0], first), Math.max(known[1], last)]);
    }
  }
  return all;
}

/** `droppedAt`: when the last of the dropped was seen, -1 where none was. */
function bounded(values: ReadonlyMap<string, Sighting>, most: number) {
  const all = [...values];
  if (all.length <= most) return { kept: all, droppedAt: -1 };
  all.sort(([a, [, lastOfA]], [b, [, lastOfB]]) => lastOfB - lastOfA || (a < b ? -1 : 1));
  return { kept: all.slice(0, most), droppedAt: all[most]?.[1][1] ?? -1 };
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
