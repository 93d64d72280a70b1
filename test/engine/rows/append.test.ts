/** Deeds in the transaction of their change: none lost, none twice, none without the change, and nobody is kept from acting. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { type Deed, LedgerEntry } from "../../../shared/domain/ledger.ts";
import { Draft, loadPartition } from "../../../shared/engine/rows/partition.ts";
import { readLedger } from "../../../shared/engine/rows/read-ledger.ts";
import { isoAt } from "../../../shared/ports/clock.ts";
import type { CommitResult } from "../../../shared/ports/stores.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { startAt, tenantId, victim } from "../../support/harness-cast.ts";
import { newSigner } from "../../support/harness-world.ts";
import { createMemoryStores, newMemoryData } from "../../support/memory-stores.ts";
import type { CallHooks } from "../../support/store-hooks.ts";

const key = identityKey(tenantId, victim.appId);
const chain = "incident-1";
const clock = new FakeClock(startAt);
const later = startAt + 1e9;
const signer = newSigner();

function world() {
  const data = newMemoryData();
  const storesWith = (hooks: CallHooks = {}) => createMemoryStores({ clock, data, hooks });
  const stores = storesWith();
  const draft = async () => new Draft(await loadPartition(stores.identities, key));
  const read = (of = chain) => readLedger({ stores, signer }, key, of);
  return { data, stores, storesWith, draft, read, rows: () => data.identities.get(key) ?? new Map() };
}

function deed(message: string, more: Partial<Deed> = {}): Deed {
  return { chain, at: isoAt(startAt), event: "test.done", by: "tourniquet", message, data: {}, ...more };
}

const messages = ({ entries }: Awaited<ReturnType<typeof readLedger>>) => entries.map(({ message }) => message);

describe("drafts of one chain", () => {
  it("append one after the other, each in its own transaction", async () => {
    const { draft, stores, read } = world();
    const first = (await draft()).put("a", 1, later).record(deed("one")).record(deed("two"));
    expect(await first.commit(stores.identities)).toBe(true);
    const second = new Draft(first.partition).put("a", 2, later).record(deed("three"));
    expect(await second.commit(stores.identities)).toBe(true);
    expect(await read()).toMatchObject({ head: { seq: 3 }, problems: [] });
    expect(messages(await read())).toEqual(["one", "two", "three"]);
  });

  it("made at the same time all land, without a gap, when they change different rows", async () => {
    const { draft, stores, read, rows } = world();
    const drafts = await Promise.all(Array.from({ length: 8 }, () => draft()));
    for (const [i, one] of drafts.entries()) one.put(`row${i}`, i, later).record(deed(`deed ${i}`));
    expect(await Promise.all(drafts.map((one) => one.commit(stores.identities)))).toEqual(drafts.map(() => true));
    expect((await read()).problems).toEqual([]);
    expect(messages(await read()).sort()).toEqual(drafts.map((_, i) => `deed ${i}`));
    expect([...rows().keys()].filter((name) => name.startsWith("row"))).toHaveLength(8);
  });

  it("that change the same row are one change, and one entry", async () => {
    const { draft, stores, read } = world();
    const drafts = [(await draft()).put("a", 1, later), (await draft()).put("a", 2, later)];
    for (const [i, one] of drafts.entries()) one.record(deed(`deed ${i}`));
    const won = await Promise.all(drafts.map((one) => one.commit(stores.identities)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(messages(await read())).toEqual([`deed ${won.indexOf(true)}`]);
  });

  it("of which one lost its lock write nothing, whoever else moved the head", async () => {
    const { draft, stores, read, rows } = world();
    await (await draft()).put("lock", "mine", later).commit(stores.identities);
    const slow = (await draft()).put("lock", "mine still", later).put("step", "sent", later).record(deed("slow"));
    await (await draft()).put("lock", "yours", later).record(deed("taken over")).commit(stores.identities);
    await (await draft()).record(deed("beside")).commit(stores.identities);
    expect(await slow.commit(stores.identities)).toBe(false);
    expect(messages(await read())).toEqual(["taken over", "beside"]);
    expect(rows().has("step")).toBe(false);
  });

  it("keep what they read when only the head moved, so that the next draft on the same rows goes on", async () => {
    const { draft, stores, read } = world();
    const mine = (await draft()).put("lock", 1, later).record(deed("mine"));
    await (await draft()).record(deed("other's")).commit(stores.identities);
    expect(await mine.commit(stores.identities)).toBe(true);
    expect(
      await new Draft(mine.partition).put("lock", 2, later).record(deed("mine again")).commit(stores.identities),
    ).toBe(true);
    expect(messages(await read())).toEqual(["other's", "mine", "mine again"]);
  });

  it("may append to several chains at once", async () => {
    const { draft, stores, read } = world();
    await (await draft())
      .record(deed("here"))
      .record(deed("there", { chain: "other" }))
      .record(deed("here again"))
      .commit(stores.identities);
    expect(messages(await read())).toEqual(["here", "here again"]);
    expect(messages(await read("other"))).toEqual(["there"]);
  });
});

describe("a commit", () => {
  it.each(["before", "after"] as const)(
    "that dies %s storage answers has both or neither: the change and its entry",
    async (when) => {
      const { draft, storesWith, read, rows } = world();
      const dying: CallHooks = {
        [when === "before" ? "beforeCall" : "afterCall"]: () => {
          throw new Error("killed");
        },
      };
      const one = (await draft()).put("a", 1, later).record(deed("one"));
      await expect(one.commit(storesWith(dying).identities)).rejects.toThrow("killed");
      expect(messages(await read())).toEqual(when === "before" ? [] : ["one"]);
      expect(rows().has("a")).toBe(when === "after");
      expect((await read()).problems).toEqual([]);
    },
  );

  it("with more entries than rows are left puts several into one, and loses none", async () => {
    const { draft, stores, read, data } = world();
    const big = await draft();
    for (let i = 0; i < 80; i++) big.put(`row${i}`, i, later).record(deed(`deed ${i}`));
    expect(await big.commit(stores.identities)).toBe(true);
    expect(data.identities.get(key)?.size).toBeLessThanOrEqual(100);
    await (await draft()).record(deed("the next")).commit(stores.identities);
    expect((await read()).problems).toEqual([]);
    expect(messages(await read())).toEqual([...Array.from({ length: 80 }, (_, i) => `deed ${i}`), "the next"]);
  });

  it("of rows without a deed touches no ledger and asks for nothing more when it is lost", async () => {
    const calls: string[] = [];
    const { draft, storesWith, rows } = world();
    const stores = storesWith({ beforeCall: (name) => void calls.push(name) });
    const [one, other] = [(await draft()).put("a", 1, later), (await draft()).put("a", 2, later)];
    expect([await one.commit(stores.identities), await other.commit(stores.identities)]).toEqual([true, false]);
    expect(calls).toEqual(["identities.commit", "identities.commit"]);
    expect([...rows().keys()]).toEqual(["a"]);
  });

  it("gives up where storage refuses for ever", async () => {
    const { draft, stores } = world();
    let commits = 0;
    const commit = async (): Promise<CommitResult> => {
      commits += 1;
      return { ok: false, reason: "conflict" };
    };
    expect(await (await draft()).record(deed("one")).commit({ ...stores.identities, commit })).toBe(false);
    expect(commits).toBeLessThanOrEqual(20);
  });
});

describe("whoever edits the tables", () => {
  const edits: readonly (readonly [string, (value: unknown) => unknown])[] = [
    ["writes nonsense into the head", () => "nonsense"],
    ["sets the head back", (value) => ({ ...(value as object), seq: 1 })],
    ["sets the head far ahead", (value) => ({ ...(value as object), seq: Number.MAX_SAFE_INTEGER })],
    ["gives the head another chain's name", (value) => ({ ...(value as object), chain: "other" })],
  ];

  it.each(edits)("and %s keeps nobody from acting, and is found out", async (_, edit) => {
    const { draft, stores, read, rows } = world();
    await (await draft()).record(deed("one")).record(deed("two")).commit(stores.identities);
    const head = rows().get(`head|${chain}`);
    rows().set(`head|${chain}`, { ...head, json: JSON.stringify(edit(JSON.parse(head?.json ?? ""))), etag: "edited" });
    const found = (await read()).problems;
    expect(found).not.toEqual([]);
    expect(await (await draft()).put("a", 1, later).record(deed("three")).commit(stores.identities)).toBe(true);
    expect(messages(await read())).toEqual(["one", "two", "three"]);
  });

  it("and deletes the head keeps nobody from acting, and what is appended goes on behind the rest", async () => {
    const { draft, stores, read, rows } = world();
    await (await draft()).record(deed("one")).record(deed("two")).commit(stores.identities);
    rows().delete(`head|${chain}`);
    expect((await read()).problems).toMatchObject([{ what: "head-missing" }]);
    expect(await (await draft()).put("a", 1, later).record(deed("three")).commit(stores.identities)).toBe(true);
    expect(messages(await read())).toEqual(["one", "two", "three"]);
  });

  it("and damages the last entry is named by it, and the next is appended all the same", async () => {
    const { draft, stores, read, rows } = world();
    await (await draft()).record(deed("one")).record(deed("two")).commit(stores.identities);
    const name = `ledger|${chain}|00000002`;
    rows().set(name, { ...rows().get(name), json: "null", etag: "edited" });
    rows().delete(`head|${chain}`);
    expect(await (await draft()).put("a", 1, later).record(deed("three")).commit(stores.identities)).toBe(true);
    const { problems } = await read();
    expect(problems).toContainEqual(expect.objectContaining({ seq: 2, what: "unreadable" }));
    expect(problems).toContainEqual(expect.objectContaining({ seq: 2, what: "missing" }));
  });
});

describe("the rows of the ledger", () => {
  it("are not loaded with the others, but for the head", async () => {
    const { draft, stores } = world();
    await (await draft()).put("a", 1, later).record(deed("one")).commit(stores.identities);
    expect([...(await stores.identities.load(key)).keys()].sort()).toEqual(["a", `head|${chain}`]);
  });

  it("outlive what they tell of by a year, and a head its chain", async () => {
    const { draft, stores, rows } = world();
    const year = 365 * 24 * 3600_000;
    await (await draft())
      .record(deed("one"))
      .record(deed("set", { chain: "settings" }))
      .commit(stores.identities);
    const expiry = (name: string) => ((rows().get(name)?.expiresAt ?? 0) - startAt) / year;
    expect(expiry(`ledger|${chain}|00000001`)).toBe(2);
    expect(expiry(`head|${chain}`)).toBeGreaterThan(2);
    expect(expiry("ledger|settings|00000001")).toBeGreaterThanOrEqual(10);
  });

  it("hold facts that are too many only in part, and say of what and how much", async () => {
    const { draft, stores, read } = world();
    const steps = Array.from({ length: 3_000 }, (_, i) => ({ index: i, request: `DELETE /directoryObjects/${i}` }));
    const data = { planId: "p-1", steps, said: "x".repeat(100_000) };
    await (await draft()).record(deed("one", { data })).commit(stores.identities);
    const [entry] = (await read()).entries;
    expect(JSON.stringify(entry).length).toBeLessThan(70_000);
    expect(entry?.data.planId).toBe("p-1");
    const kept = entry?.data.steps as unknown[];
    expect(kept.length).toBeGreaterThan(300);
    expect(kept).toEqual(steps.slice(0, kept.length));
    expect(entry?.data.cut).toMatchObject([
      { field: "said", sha256: expect.any(String) },
      { field: "steps", of: 3_000, kept: kept.length, sha256: expect.any(String) },
    ]);
    expect((await read()).problems).toEqual([]);
  });

  it("are of their schema", async () => {
    const { draft, stores } = world();
    await (await draft()).record(deed("one")).commit(stores.identities);
    const [row] = await stores.identities.entries(key, chain);
    expect(LedgerEntry.parse(row?.value)).toMatchObject({ tenantId, chain, seq: 1, prev: "" });
  });
});
