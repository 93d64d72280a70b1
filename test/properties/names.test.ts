/** Names and spellings are chosen by whoever sends them: none of them decides anything. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forgedKeyId } from "../../bench/mutations/hostile-names.ts";
import { mutations } from "../../bench/mutations/mutate.ts";
import { createRandom } from "../../bench/mutations/random.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { detections } from "../../shared/engine/registry.ts";
import { eventsOf, judged, manyFacts, read } from "./judged.ts";
import { recordsToBend } from "./real-records.ts";

const readable = recordsToBend().filter((record) => read(record).outcome === "event");
const someReadable = fc.constantFrom(...readable);
const examples: readonly IdentityEvent[] = [...detections.values()].flatMap(({ examples: { match, ignore } }) => [
  ...match,
  ...ignore,
]);
const events = [...readable.flatMap((record) => eventsOf(read(record))), ...examples];

test("the case of a record's keys does not change what it says", () => {
  fc.assert(
    fc.property(someReadable, fc.nat(), (record, chance) => {
      const copy = structuredClone(record);
      mutations["key-case"](copy, createRandom(chance));
      expect(read(copy)).toEqual(read(record));
    }),
    { numRuns: 400 },
  );
});

describe("the name of a credential", () => {
  const keyIds = (record: unknown) =>
    eventsOf(read(record)).flatMap((event) =>
      event.type === "credentials-changed"
        ? [{ added: event.added.map(({ keyId }) => keyId), removed: event.removed.map(({ keyId }) => keyId) }]
        : [],
    );
  const withKeys = readable.filter((record) => keyIds(record).length > 0);

  test("never changes which credentials came and went, however it imitates the list around it", () => {
    expect(withKeys.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.constantFrom(...withKeys), fc.nat(), (record, chance) => {
        const copy = structuredClone(record);
        mutations["hostile-key-name"](copy, createRandom(chance));
        expect(keyIds(copy)).toEqual(keyIds(record));
        expect(JSON.stringify(keyIds(copy))).not.toContain(forgedKeyId);
      }),
      { numRuns: 400 },
    );
  });

  test("silences nothing that was done by anybody with an id", () => {
    const byIds = withKeys.filter((record) => eventsOf(read(record)).every(({ actor }) => actor.id !== null));
    expect(byIds.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.constantFrom(...byIds), fc.nat(), fc.constantFrom(...manyFacts), (record, chance, facts) => {
        const copy = structuredClone(record);
        mutations["hostile-key-name"](copy, createRandom(chance));
        const verdicts = (of: unknown) => eventsOf(read(of)).flatMap((event) => judged(event, facts));
        expect(verdicts(copy)).toEqual(expect.arrayContaining(verdicts(record)));
      }),
      { numRuns: 400 },
    );
  });
});

describe("the names that people and workloads go by", () => {
  const name = fc.oneof(fc.constant(null), fc.string(), fc.constantFrom("Microsoft Graph", "Managed Service Identity"));

  // a workload without any id is nothing that a tenant could bring about: there, and beside that fact only, a name may count
  const isNameless = ({ actor }: IdentityEvent) => actor.id === null && actor.appId === null;

  test("change no verdict but that on names which imitate others", () => {
    const anyEvent = fc.constantFrom(...events);
    fc.assert(
      fc.property(anyEvent, name, name, fc.constantFrom(...manyFacts), (event, mine, theirs, facts) => {
        const actor = isNameless(event) ? event.actor : { ...event.actor, claimedName: theirs };
        const renamed = { ...event, claimedName: mine, actor };
        expect(judged(renamed, facts, ["look-alike-name"])).toEqual(judged(event, facts, ["look-alike-name"]));
      }),
      { numRuns: 3_000 },
    );
  });
});
