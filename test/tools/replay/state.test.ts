import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Draft, loadPartition } from "../../../shared/engine/rows/partition.ts";
import { Bounded } from "../../../tools/replay/state/bounded.ts";
import { createDue } from "../../../tools/replay/state/due.ts";
import { createReplayStores } from "../../../tools/replay/state/stores.ts";
import { baselineLaws } from "../../state/baseline-store.contract.ts";
import { changeLaws } from "../../state/change-store.contract.ts";
import { dueLaws } from "../../state/due-store.contract.ts";
import { identityLaws } from "../../state/identity-store.contract.ts";
import { reservationLaws } from "../../state/shared-row-stores.contract.ts";
import { FakeClock } from "../../support/fake-clock.ts";

describe("the stores of a replay", () => {
  const clock = new FakeClock();
  const stores = createReplayStores(clock, { committed: () => undefined, deadLetter: () => undefined });
  const opened = () => ({ open: () => stores, clock, storageNow: () => clock.now() });
  identityLaws(opened);
  dueLaws(opened);
  reservationLaws(opened);
  changeLaws(opened);
  baselineLaws(opened);

  it("keep no notices, since nobody is told", async () => {
    await stores.identities.commit("t|told", [{ op: "create", key: "out|1", value: 1, expiresAt: 1e15 }]);
    expect((await stores.identities.load("t|told")).size).toBe(0);
  });
});

describe("the ledger in a replay", () => {
  it("is not kept, and stands in the way of nothing that is appended to it", async () => {
    const stores = createReplayStores(new FakeClock(), { committed: () => undefined, deadLetter: () => undefined });
    const { identities } = stores;
    const deed = { chain: "i", at: "2026-01-02T03:04:05.678Z", event: "x", by: "tourniquet", message: "x", data: {} };
    const draft = new Draft(await loadPartition(identities, "t|a")).put("kept", 1, 1e15).record(deed);
    expect(await draft.commit(identities)).toBe(true);
    expect(await new Draft(draft.partition).record(deed).commit(identities)).toBe(true);
    expect(await new Draft(await loadPartition(identities, "t|a")).record(deed).commit(identities)).toBe(true);
    expect([...(await identities.load("t|a")).keys()]).toEqual(["kept"]);
    expect(await identities.entries("t|a", "i")).toEqual([]);
  });
});

describe("what is due in a replay", () => {
  it("comes in the order of its time, each row once, and as it was put last", async () => {
    const wish = fc.record({ id: fc.integer({ min: 0, max: 9 }), wakeAt: fc.integer({ min: 0, max: 50 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 60 }), async (wishes) => {
        const due = createDue();
        for (const { id, wakeAt } of wishes) {
          await due.put({ id: String(id), tenantId: "t", wakeAt, message: null, attempts: 0 });
        }
        const last = new Map(wishes.map(({ id, wakeAt }) => [String(id), wakeAt]));
        const taken: (readonly [string, number])[] = [];
        for (let row = due.take(50); row !== null; row = due.take(50)) taken.push([row.id, row.wakeAt]);
        expect(new Map(taken)).toEqual(last);
        expect(taken.map(([, at]) => at)).toEqual(taken.map(([, at]) => at).toSorted((a, b) => a - b));
        expect(taken).toHaveLength(last.size);
      }),
    );
  });

  it("does not come before its time", async () => {
    const due = createDue();
    await due.put({ id: "x", tenantId: "t", wakeAt: 10, message: null, attempts: 0 });
    expect(due.take(9)).toBeNull();
    expect(due.take(10)?.id).toBe("x");
  });
});

describe("bounded memory", () => {
  it("forgets what was used longest ago, counts that, and never grows beyond its room", () => {
    const bounded = new Bounded<string>(100);
    for (const key of ["a", "b", "c"]) bounded.set(key, "x".repeat(28));
    bounded.get("a");
    bounded.set("d", "x".repeat(28));
    expect(["a", "b", "c", "d"].map((key) => bounded.get(key) !== null)).toEqual([true, false, true, true]);
    expect(bounded.forgotten).toBe(1);
  });
});
