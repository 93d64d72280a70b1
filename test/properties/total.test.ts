/** Whatever is sent, it gets an answer: reading and judging never throw, and never call it a failure of ours. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutated, mutations } from "../../bench/mutations/mutate.ts";
import { type Json, placesOf, put } from "../../bench/mutations/places.ts";
import { createRandom } from "../../bench/mutations/random.ts";
import { IdentityEvent } from "../../shared/domain/event.ts";
import { detect } from "../../shared/engine/ingest/detect.ts";
import { openEnvelope } from "../../shared/records/index.ts";
import { eventsOf, manyFacts, read } from "./judged.ts";
import { recordsToBend } from "./real-records.ts";

const records = recordsToBend();
const someRecord = fc.constantFrom(...records);
const seed = fc.nat();

/** Reads it as the hub would carry it, and judges what comes out. */
function answer(record: unknown): void {
  const one = read(record);
  if (one.outcome === "dead-letter") expect(one.letter.reason, one.letter.detail).not.toBe("failed");
  for (const event of eventsOf(one)) {
    expect(IdentityEvent.safeParse(event).error, JSON.stringify(event).slice(0, 500)).toBeUndefined();
    for (const facts of manyFacts) detect(event, facts);
  }
}

test("there is a record of every type of event that records can say", () => {
  const types = new Set(records.flatMap((record) => eventsOf(read(record)).map(({ type }) => type)));
  const madeByUs = ["own-write", "log-silent"];
  const said = IdentityEvent.options
    .map((option) => option.shape.type.value)
    .filter((type) => !madeByUs.includes(type));
  expect(said.filter((type) => !types.has(type))).toEqual([]);
});

describe("reading and judging are total", () => {
  test("over any JSON", () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), answer), { numRuns: 500 });
  });

  test("over records with any JSON in any place", () => {
    const anything = fc.jsonValue({ maxDepth: 3 });
    const bent = fc.tuple(someRecord, fc.nat(), anything).map(([record, place, value]) => {
      const copy = structuredClone(record);
      const places = placesOf(copy);
      const at = places[place % places.length];
      if (at !== undefined) put(at, value);
      return copy;
    });
    fc.assert(fc.property(bent, answer), { numRuns: 1_000 });
  });

  test.each(Object.entries(mutations))("over every record bent by %s", (_, mutate) => {
    for (const [i, record] of records.entries()) {
      const copy: Json = structuredClone(record);
      mutate(copy, createRandom(i));
      answer(copy);
    }
  });

  test("over records bent several times", () => {
    const bent = fc.tuple(someRecord, seed).map(([record, chance]) => mutated(record, createRandom(chance)));
    fc.assert(fc.property(bent, answer), { numRuns: 1_000 });
  });

  test("over the text of records cut and joined anywhere", () => {
    const cut = fc.tuple(someRecord, fc.nat(), someRecord, fc.nat()).map(([a, at, b, from]) => {
      const [first, second] = [JSON.stringify(a), JSON.stringify(b)];
      return first.slice(0, at % first.length) + second.slice(from % second.length);
    });
    const opened = (text: string) => {
      for (const one of openEnvelope(text)) if (one.ok) answer(one.record);
    };
    fc.assert(fc.property(cut, opened), { numRuns: 500 });
  });
});

test("the same seed bends the same way", () => {
  fc.assert(
    fc.property(someRecord, seed, (record, chance) => {
      const bend = () => mutated(record, createRandom(chance));
      expect(bend()).toEqual(bend());
    }),
    { numRuns: 100 },
  );
});
