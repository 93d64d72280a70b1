import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ChangedObject,
  type ChangesOfActor,
  mergeChanges,
  noChanges,
} from "../../shared/domain/changed-object.ts";

const now = 1_000;
const change: fc.Arbitrary<ChangedObject> = fc.record({
  id: fc.constantFrom("a", "b", "c", "d"),
  type: fc.constantFrom("User", null),
  activity: fc.constantFrom("add", "update"),
  at: fc.integer({ min: 1, max: 6 }),
});
const merged = (held: ChangesOfActor, added: readonly ChangedObject[]) => mergeChanges(held, added, now) ?? held;
const told = ({ objects }: ChangesOfActor) => objects.map(({ id, activity, at }) => ({ id, activity, at }));

test("whatever the order, and however often a change is delivered, the same is known", () => {
  const batches = fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 6 });
  fc.assert(
    fc.property(batches, fc.infiniteStream(fc.nat()), (all, order) => {
      const once = all.reduce(merged, noChanges);
      const again = [...all, ...all]
        .map((batch) => ({ batch, rank: order.next().value }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ batch }) => batch.toReversed())
        .reduce(merged, noChanges);
      expect(told(again)).toEqual(told(once));
    }),
  );
});

test("what is known already is no reason to write", () => {
  fc.assert(
    fc.property(fc.array(change), (batch) => {
      expect(mergeChanges(merged(noChanges, batch), batch, now)).toBeNull();
    }),
  );
});
