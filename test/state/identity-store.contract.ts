/** What every identity store does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { TerminalError } from "../../shared/domain/errors.ts";
import type { Change, CommitResult, Row } from "../../shared/ports/stores.ts";
import { newTenant, type Opened } from "./contract-support.ts";

const later = Date.parse("2030-01-01T00:00:00Z");

function create(key: string, value: unknown, expiresAt = later): Change {
  return { op: "create", key, value, expiresAt };
}

function replace(key: string, value: unknown, etag: string): Change {
  return { op: "replace", key, value, expiresAt: later, etag };
}

function etagOf(result: CommitResult, key: string): string {
  if (!result.ok) throw new Error("The commit was refused.");
  const etag = result.etags.get(key);
  if (etag === undefined) throw new Error(`The commit answered no etag for ${key}.`);
  return etag;
}

const conflict = { ok: false, reason: "conflict" };

export function identityLaws(opened: () => Opened): void {
  test("an identity without rows loads empty", async () => {
    expect((await opened().open().identities.load(`${newTenant()}|app`)).size).toBe(0);
  });

  test("what a commit wrote is loaded with the etags that the commit answered, by any process", async () => {
    const key = `${newTenant()}|app`;
    const { identities } = opened().open();
    const first = await identities.commit(key, [
      create("plan:a/b", { n: 1 }),
      create("lock", "x"),
      create("old", null),
    ]);
    const second = await identities.commit(key, [
      replace("lock", ["y"], etagOf(first, "lock")),
      { op: "delete", key: "old", etag: etagOf(first, "old") },
      create("finding:#?\\%", 7),
    ]);
    const rows = await opened().open().identities.load(key);
    const expected: Row[] = [
      { key: "finding:#?\\%", etag: etagOf(second, "finding:#?\\%"), value: 7 },
      { key: "lock", etag: etagOf(second, "lock"), value: ["y"] },
      { key: "plan:a/b", etag: etagOf(first, "plan:a/b"), value: { n: 1 } },
    ];
    expect([...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(expected);
  });

  test("any mix of creates, replaces and deletes answers the etag of each row that it wrote", async () => {
    const { identities } = opened().open();
    const ops = fc.array(fc.constantFrom("create", "replace", "delete"), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(ops, async (kinds) => {
        const key = `${newTenant()}|app`;
        const before = kinds.flatMap((kind, i) => (kind === "create" ? [] : [create(`r${i}`, i)]));
        const prepared = await identities.commit(key, before);
        const changes = kinds.map((kind, i): Change => {
          if (kind === "create") return create(`r${i}`, "new");
          const etag = etagOf(prepared, `r${i}`);
          return kind === "replace" ? replace(`r${i}`, "new", etag) : { op: "delete", key: `r${i}`, etag };
        });
        const result = await identities.commit(key, changes);
        const rows = await identities.load(key);
        expect(result.ok && Object.fromEntries(result.etags)).toEqual(
          Object.fromEntries([...rows].map(([rowKey, row]) => [rowKey, row.etag])),
        );
      }),
      { numRuns: 15 },
    );
  });

  test("any JSON value and any row key come back as they were", async () => {
    const { identities } = opened().open();
    const rowKey = fc.string({ unit: "binary", maxLength: 30 });
    const value = fc.jsonValue({ stringUnit: "binary" });
    const pairs = fc.uniqueArray(fc.tuple(rowKey, value), { selector: ([key]) => key, minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pairs, async (rows) => {
        const key = `${newTenant()}|app`;
        await identities.commit(
          key,
          rows.map(([name, content]) => create(name, content)),
        );
        const loaded = await identities.load(key);
        expect(new Map([...loaded].map(([name, row]) => [name, row.value]))).toEqual(
          new Map(rows.map(([name, content]) => [name, JSON.parse(JSON.stringify(content))])),
        );
      }),
      { numRuns: 25 },
    );
  });

  test("a value of half a megabyte fits one row", async () => {
    const key = `${newTenant()}|app`;
    const { identities } = opened().open();
    const value = { text: "Überraschung 😀 ".repeat(35_000) };
    await identities.commit(key, [create("large", value)]);
    expect((await identities.load(key)).get("large")?.value).toEqual(value);
  });

  test("more rows than one page of storage are loaded all", async () => {
    const key = `${newTenant()}|app`;
    const { identities } = opened().open();
    for (let at = 0; at < 1_050; at += 100) {
      await identities.commit(
        key,
        Array.from({ length: Math.min(100, 1_050 - at) }, (_, i) => create(`r${at + i}`, i)),
      );
    }
    expect((await identities.load(key)).size).toBe(1_050);
  });

  test("a commit of too many rows, or of one row twice, is refused as the caller's fault", async () => {
    const { identities } = opened().open();
    const many = Array.from({ length: 101 }, (_, i) => create(`r${i}`, i));
    await expect(identities.commit(`${newTenant()}|app`, many)).rejects.toThrow(TerminalError);
    await expect(identities.commit(`${newTenant()}|app`, [create("a", 1), create("a", 2)])).rejects.toThrow(
      TerminalError,
    );
  });

  test("a listing finds the rows with a prefix in every partition and no others", async () => {
    const { identities } = opened().open();
    const tenant = newTenant();
    const prefix = `list-${tenant}:`;
    await identities.commit(`${tenant}|a`, [create(`${prefix}1`, 1), create(`list-${tenant};`, 0)]);
    await identities.commit(`${tenant}|sp:b`, [create(`${prefix}2~`, 2), create("lock", 0)]);
    const found: unknown[] = [];
    for await (const { identity, row } of identities.list(prefix)) found.push([identity, row.key, row.value]);
    expect(found.sort()).toEqual([
      [`${tenant}|a`, `${prefix}1`, 1],
      [`${tenant}|sp:b`, `${prefix}2~`, 2],
    ]);
  });

  test("purging deletes what has expired, stops at the limit and leaves the rest", async () => {
    const { identities } = opened().open();
    const key = `${newTenant()}|app`;
    await identities.commit(key, [create("a", 1, 1_000), create("b", 1, 1_999), create("c", 1, 2_000), create("d", 1)]);
    await identities.commit(`${key}2`, [create("e", 1, 1_000)]);
    expect(await identities.purgeExpired(2_000, 1)).toBe(1);
    expect(await identities.purgeExpired(2_000, 100)).toBe(2);
    expect([...(await identities.load(key)).keys()].sort()).toEqual(["c", "d"]);
    expect(await identities.purgeExpired(2_001, 100)).toBe(1);
  });
}

export function ledgerLaws(opened: () => Opened): void {
  test("entries of a ledger are read chain by chain, in their order, and never with the other rows", async () => {
    const key = `${newTenant()}|app`;
    const { identities } = opened().open();
    await identities.commit(key, [create("ledger|b|00000001", "b1"), create("head|b", 1), create("lock", 0)]);
    await identities.commit(key, [create("ledger|b|00000010", "b10"), create("ledger|bb|00000001", "bb1")]);
    await identities.commit(key, [create("ledger|b|00000002", "b2"), create("ledger|identity:x|00000001", "x1")]);
    await identities.commit(`${key}2`, [create("ledger|b|00000003", "elsewhere")]);
    const read = async (chain: string) => (await identities.entries(key, chain)).map(({ value }) => value);
    expect(await read("b")).toEqual(["b1", "b2", "b10"]);
    expect(await read("bb")).toEqual(["bb1"]);
    expect(await read("identity:x")).toEqual(["x1"]);
    expect(await read("none")).toEqual([]);
    expect([...(await identities.load(key)).keys()].sort()).toEqual(["head|b", "lock"]);
  });

  test("a listing since a time leaves out what was not written from then on", async () => {
    const { open, clock, storageNow } = opened();
    const { identities } = open();
    const tenant = newTenant();
    const prefix = `since-${tenant}:`;
    const listed = async (since?: number) => {
      const found: string[] = [];
      for await (const { row } of identities.list(prefix, since)) found.push(row.key.slice(prefix.length));
      return found.sort();
    };
    const first = await identities.commit(`${tenant}|a`, [create(`${prefix}old`, 1), create(`${prefix}kept`, 1)]);
    await clock.advance(60_000);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const from = storageNow();
    await identities.commit(`${tenant}|a`, [replace(`${prefix}kept`, 2, etagOf(first, `${prefix}kept`))]);
    await identities.commit(`${tenant}|b`, [create(`${prefix}new`, 1)]);
    expect(await listed(from)).toEqual(["kept", "new"]);
    expect(await listed()).toEqual(["kept", "new", "old"]);
    expect(await listed(0)).toEqual(["kept", "new", "old"]);
  });
}

export function raceLaws(opened: () => Opened): void {
  test("of many commits with one etag exactly one wins", async () => {
    const key = `${newTenant()}|app`;
    const [a, b] = [opened().open().identities, opened().open().identities];
    const etag = etagOf(await a.commit(key, [create("lock", 0)]), "lock");
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? a : b).commit(key, [replace("lock", i, etag), create(`extra${i}`, i)]),
      ),
    );
    const winners = results.flatMap((result, i) => (result.ok ? [i] : []));
    expect(winners).toHaveLength(1);
    const rows = await a.load(key);
    expect([...rows.keys()].sort()).toEqual([`extra${winners[0]}`, "lock"]);
    expect(rows.get("lock")?.value).toBe(winners[0]);
  });

  test("creating twice, replacing or deleting by a stale etag, and touching a missing row conflict and change nothing", async () => {
    const key = `${newTenant()}|app`;
    const { identities } = opened().open();
    const first = await identities.commit(key, [create("a", 1), create("gone", 1)]);
    const stale = etagOf(first, "a");
    const second = await identities.commit(key, [
      replace("a", 2, stale),
      { op: "delete", key: "gone", etag: etagOf(first, "gone") },
    ]);
    const refused: Change[] = [
      create("a", 3),
      replace("a", 3, stale),
      { op: "delete", key: "a", etag: stale },
      replace("gone", 3, stale),
      { op: "delete", key: "gone", etag: etagOf(first, "gone") },
    ];
    for (const change of refused) {
      expect(await identities.commit(key, [change])).toEqual(conflict);
      expect(await identities.commit(key, [create("innocent", 1), change])).toEqual(conflict);
    }
    expect([...(await identities.load(key)).values()]).toEqual([{ key: "a", etag: etagOf(second, "a"), value: 2 }]);
  });
}
