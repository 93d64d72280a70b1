import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Baseline,
  emptyBaseline,
  Facet,
  isLearnedAt,
  isNewAt,
  mostValues,
  type Observation,
  valuesWithin,
} from "../../shared/domain/baseline.ts";
import { isWorthWriting, learn, mergeBaselines } from "../../shared/domain/learn.ts";

const day = 24 * 3600_000;
const now = Date.parse("2026-03-02T10:00:00Z");
const forgetMs = 180 * day;
const learned = (...seen: readonly Observation[]) => learn(emptyBaseline, seen, now, forgetMs);

const facet = fc.constantFrom(...Facet.options);
const at = fc.integer({ min: now - 170 * day, max: now });
/** Fewer values than the smallest bound. */
const few = fc.record({ facet, value: fc.constantFrom("a", "b", "__proto__", "constructor", "x".repeat(70)), at });
const hostile = fc.record({
  facet,
  value: fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ minLength: 60, maxLength: 66 }),
    fc.uuid(),
  ),
  at: fc.oneof(at, fc.double(), fc.integer()),
});

describe("learning", () => {
  test("ends the same in whatever order, however often and in however many parts things are seen", () => {
    fc.assert(
      fc.property(fc.array(few, { maxLength: 30 }), fc.array(few, { maxLength: 30 }), fc.nat(), (some, more, cut) => {
        const all = [...some, ...more];
        const [a, b] = [all.slice(0, cut % 31), all.slice(cut % 31)];
        const whole = learned(...all);
        expect(learned(...more, ...some)).toEqual(whole);
        expect(learn(whole, some, now, forgetMs)).toBe(whole);
        expect(mergeBaselines(learned(...a), learned(...b), now, forgetMs)).toEqual(whole);
        expect(mergeBaselines(learned(...b), learned(...a), now, forgetMs)).toEqual(whole);
        expect(mergeBaselines(whole, whole, now, forgetMs)).toEqual(whole);
      }),
    );
  });

  test("of what is known already ends as a merge of it would", () => {
    fc.assert(
      fc.property(fc.array(few, { maxLength: 20 }), fc.array(few, { maxLength: 5 }), (before, later) => {
        const held = learned(...before);
        expect(learn(held, later, now, forgetMs)).toEqual(mergeBaselines(held, learned(...later), now, forgetMs));
      }),
    );
  });

  test("of merges it does not matter which comes first", () => {
    const baseline = fc.array(few, { maxLength: 20 }).map((seen) => learned(...seen));
    fc.assert(
      fc.property(baseline, baseline, baseline, (a, b, c) => {
        const merge = (x: Baseline, y: Baseline) => mergeBaselines(x, y, now, forgetMs);
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });

  test("keeps one small row of whatever it is shown, which reads back as it was", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 300, maxLength: 900 }), (seen) => {
        const kept = learn(learned(...seen.slice(0, 200)), seen, now, forgetMs);
        const json = JSON.stringify(kept);
        expect(Buffer.byteLength(json)).toBeLessThan(32 * 1024);
        expect(Baseline.parse(JSON.parse(json))).toEqual(kept);
        for (const [name, values] of Object.entries(kept.seen)) {
          expect(Object.keys(values).length).toBeLessThanOrEqual(mostValues[name as Facet]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("is within 32 KiB when every place is taken by a value as long as they come", () => {
    const seen = Facet.options.flatMap((name) =>
      Array.from({ length: mostValues[name] + 5 }, (_, i) => {
        return { facet: name, value: `${i}`.padEnd(64, "v"), at: now - i };
      }),
    );
    const full = learned(...seen, ...seen.map((one) => ({ ...one, at: one.at - day })));
    expect(Buffer.byteLength(JSON.stringify(full))).toBeLessThan(32 * 1024);
  });

  test("answers for an event what it answered when the event came first", () => {
    fc.assert(
      fc.property(fc.array(few, { maxLength: 30 }), few, fc.array(few, { maxLength: 30 }), (before, event, after) => {
        const ask = (baseline: Baseline) => isNewAt(baseline, event.facet, event.value, event.at);
        const later = after.filter((one) => one.at >= event.at);
        const first = learn(learned(...before), [event], now, forgetMs);
        const again = learn(learn(first, later, now + day, forgetMs), [event], now + day, forgetMs);
        expect(ask(again)).toBe(ask(first));
      }),
    );
  });
});

describe("what was seen", () => {
  const network = (value: string, time: number): Observation => ({ facet: "network", value, at: time });

  test("is new at the moment of its first sighting, and not after", () => {
    const baseline = learned(network("net:a", now - day));
    expect(isNewAt(baseline, "network", "net:a", now - day)).toBe(true);
    expect(isNewAt(baseline, "network", "net:a", now)).toBe(false);
    expect(isNewAt(baseline, "network", "net:b", now)).toBe(true);
  });

  test("goes when there is too much, the last seen stay, and then nobody knows what is new", () => {
    const many = Array.from({ length: mostValues.network + 2 }, (_, i) => network(`net:${i}`, now - 1_000 + i));
    const baseline = learned(...many);
    expect(Object.keys(baseline.seen.network ?? {})).toHaveLength(mostValues.network);
    expect(baseline.forgotten.network).toBe(now - 1_000 + 1);
    expect(isNewAt(baseline, "network", "net:0", now)).toBeNull();
    expect(isNewAt(baseline, "network", "net:40", now)).toBe(false);
    const muchLater = learn(baseline, [network("net:x", now + forgetMs)], now + forgetMs, forgetMs);
    expect(muchLater.forgotten.network).toBeUndefined();
    expect(Object.keys(muchLater.seen.network ?? {})).toEqual(["net:x"]);
  });

  test("is new again when it was not seen for as long as we remember", () => {
    const baseline = learned(network("net:a", now - day));
    const then = now - day + forgetMs;
    const again = learn(baseline, [network("net:a", then)], then, forgetMs);
    expect(isNewAt(again, "network", "net:a", then)).toBe(true);
  });

  test("in the future, or longer ago than we remember, is not believed", () => {
    const wrong = [now + 6 * 60_000, now - forgetMs, Number.NaN, -1, Number.POSITIVE_INFINITY];
    expect(learned(...wrong.map((time) => network("net:a", time)))).toBe(emptyBaseline);
    expect(learned(network("net:a", now + 4 * 60_000)).seen.network).toBeDefined();
  });

  test("tells since when the identity is watched: by what it did, not by who failed to", () => {
    const failed = learned({ facet: "failure", value: "f", at: now - 20 * day }, network("net:a", now - 20 * day));
    expect(isLearnedAt(failed, now, 14)).toBe(false);
    const signedIn = learned({ facet: "day", value: "2026-02-10", at: now - 20 * day });
    expect(isLearnedAt(signedIn, now, 14)).toBe(true);
    expect(signedIn.changesSince).toBeNull();
    expect(learned({ facet: "actor", value: "x", at: now - day }).changesSince).toBe(now - day);
  });

  test("is found by the time in which it was seen", () => {
    const baseline = learned(network("net:a", now - 3 * day), network("net:a", now - day), network("net:b", now));
    expect(valuesWithin(baseline, "network", now - 2 * day, now - day)).toEqual(["net:a"]);
    expect(valuesWithin(baseline, "network", now, now)).toEqual(["net:b"]);
    expect(valuesWithin(baseline, "country", 0, now)).toEqual([]);
  });

  test("is worth a write when it is new, when it was there earlier, and when it was not seen for an hour", () => {
    const stored = learned(network("net:a", now - 2 * day), { facet: "day", value: "d", at: now - day });
    const then = (...seen: Observation[]) => isWorthWriting(stored, learn(stored, seen, now, forgetMs));
    expect(then()).toBe(false);
    expect(then(network("net:a", now - 2 * day + 3600_000))).toBe(false);
    expect(then(network("net:a", now - 2 * day + 3600_001))).toBe(true);
    expect(then(network("net:a", now - 2 * day - 1))).toBe(true);
    expect(then(network("net:b", now))).toBe(true);
    expect(then({ facet: "day", value: "d", at: now - day - 1 })).toBe(true);
  });
});
