/** What every due store does: whatever is put, settled and put off at the same time, no wish is lost. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { DueRow, StoredDueRow } from "../../shared/ports/stores.ts";
import { newTenant, type Opened } from "./contract-support.ts";

const rowOf = (tenantId: string, wakeAt: number, change: Partial<DueRow> = {}): DueRow => ({
  id: "x",
  tenantId,
  wakeAt,
  message: 1,
  attempts: 0,
  ...change,
});

const known = (row: StoredDueRow | undefined): StoredDueRow => row ?? expect.unreachable("there is no row");

export function dueLaws(opened: () => Opened): void {
  test("due rows come earliest first, up to the limit, and not before their time", async () => {
    const { due } = opened().open();
    const tenantId = newTenant();
    const row = (id: string, wakeAt: number) => rowOf(tenantId, wakeAt, { id, message: { plan: id } });
    for (const [id, wakeAt] of [
      ["c/3", 9_000],
      ["a", 10_000],
      ["b", 999],
      ["z", 10_001],
    ] as const)
      await due.put(row(id, wakeAt));
    expect(await due.due(tenantId, 10_000, 100)).toMatchObject([row("b", 999), row("c/3", 9_000), row("a", 10_000)]);
    expect((await due.due(tenantId, 10_000, 2)).map(({ id }) => id)).toEqual(["b", "c/3"]);
    expect((await due.all(tenantId)).map(({ id }) => id)).toEqual(["b", "c/3", "a", "z"]);
    expect(await due.all(newTenant())).toEqual([]);
  });

  test("putting a due thing again replaces it; settling it replaces it, then removes it, and twice is fine", async () => {
    const { due } = opened().open();
    const tenantId = newTenant();
    await due.put(rowOf(tenantId, 1));
    const version = await due.put(rowOf(tenantId, 5, { message: 2, attempts: 3 }));
    expect(await due.all(tenantId)).toEqual([
      { ...rowOf(tenantId, 5, { message: 2, attempts: 3 }), version: expect.any(String) },
    ]);
    await due.settle(rowOf(tenantId, 9, { message: 3, attempts: 4 }), version);
    const [settled] = await due.all(tenantId);
    expect(settled).toMatchObject(rowOf(tenantId, 9, { message: 3, attempts: 4 }));
    for (const _ of [1, 2]) await due.settle({ ...rowOf(tenantId, 0), wakeAt: null }, known(settled).version);
    expect(await due.all(tenantId)).toEqual([]);
  });

  test("a version outlives the wire and the sweep's putting off, and what is no version overrules nothing", async () => {
    const { due } = opened().open();
    const tenantId = newTenant();
    const first = JSON.parse(JSON.stringify(await due.put(rowOf(tenantId, 1))));
    const [read] = await due.all(tenantId);
    const renewed = await due.snooze(known(read), 50);
    expect((await due.all(tenantId)).map(({ wakeAt }) => wakeAt)).toEqual([50]);
    for (const forged of [null, "", "*", "x *", `${first}\r\nx-evil: 1`]) {
      await due.settle({ ...rowOf(tenantId, 0), wakeAt: null }, forged);
    }
    expect(await due.all(tenantId)).toHaveLength(1);
    expect(renewed).not.toBeNull();
    await due.settle({ ...rowOf(tenantId, 0), wakeAt: null }, first);
    expect(await due.all(tenantId)).toEqual([]);
    expect(await due.snooze(known(read), 60)).toBeNull();
    expect(await due.all(tenantId)).toEqual([]);
  });

  test("only the answer to the newest wish removes it or puts it off, in any order of everything", async () => {
    const wakeAt = fc.integer({ min: 1, max: 9 });
    const op = fc.oneof(
      fc.record({ kind: fc.constant("put" as const), wakeAt }),
      fc.record({ kind: fc.constant("snooze" as const), wakeAt, which: fc.nat() }),
      fc.record({ kind: fc.constant("settle" as const), wakeAt: fc.option(wakeAt), which: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(op, { maxLength: 8 }), async (ops) => {
        const { due } = opened().open();
        const tenantId = newTenant();
        let standing = null as { readonly wish: number; readonly wakeAt: number } | null;
        let wishes = 0;
        const seen: { readonly row: StoredDueRow; readonly wish: number }[] = [];
        for (const one of ops) {
          const { row, wish } = seen[("which" in one ? one.which : 0) % Math.max(1, seen.length)] ?? {};
          const stands = standing !== null && standing.wish === wish;
          if (one.kind === "put") {
            await due.put(rowOf(tenantId, one.wakeAt));
            standing = { wish: ++wishes, wakeAt: one.wakeAt };
          } else if (one.kind === "snooze") {
            if (standing === null || !stands) continue;
            const [now] = await due.all(tenantId);
            await due.snooze(known(now), one.wakeAt);
            standing = { ...standing, wakeAt: one.wakeAt };
          } else {
            await due.settle({ ...rowOf(tenantId, 0), wakeAt: one.wakeAt }, row?.version ?? null);
            if (one.wakeAt === null) standing = stands ? null : standing;
            else if (stands || standing === null || standing.wakeAt > one.wakeAt) {
              standing = { wish: ++wishes, wakeAt: one.wakeAt };
            }
          }
          const [stored] = await due.all(tenantId);
          expect(stored?.wakeAt ?? null).toBe(standing?.wakeAt ?? null);
          if (stored !== undefined) seen.push({ row: stored, wish: standing?.wish ?? 0 });
        }
      }),
      { numRuns: 40 },
    );
  });

  test("a wish made while older ones are settled and put off by others is there afterwards, at its time", async () => {
    const [a, b, c] = [opened().open().due, opened().open().due, opened().open().due];
    for (const settledAt of [null, 70, 80]) {
      const tenantId = newTenant();
      const version = await a.put(rowOf(tenantId, 100));
      const [old] = await a.all(tenantId);
      await Promise.all([
        b.settle({ ...rowOf(tenantId, 0), wakeAt: settledAt }, version),
        c.snooze(known(old), 130),
        a.put(rowOf(tenantId, 60)),
        b.settle({ ...rowOf(tenantId, 0), wakeAt: settledAt }, version),
      ]);
      expect((await a.all(tenantId)).map(({ wakeAt }) => wakeAt)).toEqual([60]);
    }
  });

  test("of two answers at once, with different times, the earlier counts", async () => {
    const [a, b] = [opened().open().due, opened().open().due];
    const tenantId = newTenant();
    const version = await a.put(rowOf(tenantId, 5));
    await Promise.all([a.settle(rowOf(tenantId, 90), version), b.settle(rowOf(tenantId, 40), version)]);
    expect((await a.all(tenantId)).map(({ wakeAt }) => wakeAt)).toEqual([40]);
    await Promise.all([a.settle(rowOf(tenantId, 30), version), b.settle(rowOf(tenantId, 20), null)]);
    expect((await a.all(tenantId)).map(({ wakeAt }) => wakeAt)).toEqual([20]);
  });
}
