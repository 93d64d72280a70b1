/** Sealed heads: published at least once, for every head that moved, and what they show of tables that were edited. */
import { beforeEach, describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { SealedHead } from "../../../shared/domain/ledger.ts";
import { checkChain, hashOf } from "../../../shared/engine/rows/chain.ts";
import { deliverNotices } from "../../../shared/engine/rows/deliver-notices.ts";
import { tell } from "../../../shared/engine/rows/notices.ts";
import { Draft, loadPartition } from "../../../shared/engine/rows/partition.ts";
import { readLedger } from "../../../shared/engine/rows/read-ledger.ts";
import { sealedText } from "../../../shared/engine/rows/seal-heads.ts";
import { isoAt } from "../../../shared/ports/clock.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { tenantId, victim } from "../../support/harness-cast.ts";
import { newSigner, newWorld, startProcess } from "../../support/harness-world.ts";
import type { StoredRow } from "../../support/memory-identities.ts";

const key = identityKey(tenantId, victim.appId);
const chain = "incident-1";

function small() {
  const world = newWorld();
  const { services } = startProcess(world);
  const append = async (message: string) => {
    const draft = new Draft(await loadPartition(services.stores.identities, key));
    const at = isoAt(world.clock.now());
    await draft
      .record({ chain, at, event: "test.done", by: "tourniquet", message, data: {} })
      .commit(services.stores.identities);
  };
  const seals = () =>
    world.published.filter(({ event }) => event === "ledger.sealed").map(({ data }) => SealedHead.parse(data));
  const read = () => readLedger(services, key, chain);
  const rows = () => world.data.identities.get(key) ?? new Map<string, StoredRow>();
  return { world, services, append, seals, read, rows, deliver: () => deliverNotices(services, key) };
}

describe("a head that moved", () => {
  it("is signed and published, once, with what is delivered", async () => {
    const { services, append, seals, read, deliver } = small();
    await append("one");
    expect(await deliver()).toBeNull();
    await deliver();
    await append("two");
    await append("three");
    await deliver();
    expect(seals().map(({ seq }) => seq)).toEqual([1, 3]);
    for (const seal of seals()) {
      expect(await services.signer.verify(sealedText(tenantId, seal), seal.signature)).toBe(true);
    }
    const { entries, sealed, problems } = await read();
    expect(sealed).toEqual(seals()[1]);
    expect(sealed?.hash).toBe(entries[2]?.hash);
    expect(problems).toEqual([]);
  });

  it("goes to the hub and to no person", async () => {
    const { world, append, deliver } = small();
    await append("one");
    await deliver();
    expect(world.published.map(({ event, incidentId, urgency }) => [event, incidentId, urgency])).toEqual([
      ["ledger.sealed", chain, "digest"],
    ]);
    expect(world.told).toEqual([]);
  });

  it("stays due while the hub is down or the key is away, and holds nobody back who is to be told", async () => {
    const { world, services, append, seals, deliver, read } = small();
    const partition = await loadPartition(services.stores.identities, key);
    const identity = { tenantId, appId: victim.appId, servicePrincipalId: null, applicationObjectId: null };
    const draft = new Draft(partition);
    tell(draft, { event: "test.told", about: [], message: "one", identity, incidentId: chain }, world.clock.now());
    await draft.commit(services.stores.identities);
    world.down.outcomes = true;
    expect(await deliver()).not.toBeNull();
    expect(world.told.map(({ event }) => event)).toEqual(["test.told"]);
    expect((await read()).sealed).toBeNull();
    expect((await services.stores.due.all(tenantId)).map(({ id }) => id)).toEqual([`deliver|${key}`]);
    world.down.outcomes = false;
    const away = { ...services.signer, sign: () => Promise.reject(new Error("the vault is away")) };
    expect(await deliverNotices({ ...services, signer: away }, key)).not.toBeNull();
    expect(await deliver()).toBeNull();
    expect(seals().map(({ seq }) => seq)).toEqual([1]);
    await append("two");
    expect((await read()).problems).toEqual([]);
  });
});

describe("editing the tables", () => {
  let story: ReturnType<typeof small>;
  beforeEach(async () => {
    story = small();
    for (const message of ["one", "two", "three"]) await story.append(message);
    await story.deliver();
  });

  const put = (name: string, edit: (value: Record<string, unknown>) => unknown) => {
    const row = story.rows().get(name);
    if (row === undefined) throw new Error(`no row ${name}`);
    story.rows().set(name, { ...row, json: JSON.stringify(edit(JSON.parse(row.json))), etag: "edited" });
  };
  const entry = (seq: number) => `ledger|${chain}|${String(seq).padStart(8, "0")}`;

  it("to cut the end off, with a head that fits, is seen by the seal", async () => {
    const { entries } = await story.read();
    story.rows().delete(entry(3));
    put(`head|${chain}`, (head) => ({ ...head, seq: 2, hash: entries[1]?.hash }));
    expect((await story.read()).problems).toMatchObject([{ seq: 3, what: "cut-off" }]);
  });

  it("to write the end anew, hashes and all, is seen by the seal", async () => {
    const { entries } = await story.read();
    const last = entries[2];
    if (last === undefined) throw new Error("no third entry");
    const forged = { ...last, by: "somebody else" };
    const hash = hashOf(forged);
    put(entry(3), () => ({ ...forged, hash }));
    put(`head|${chain}`, (head) => ({ ...head, hash }));
    const { problems, entries: read, head } = await story.read();
    expect(checkChain(read, head)).toBeNull();
    expect(problems).toMatchObject([{ seq: 3, what: "not-what-was-sealed" }]);
  });

  it("to set the seal back, as by another key or for another tenant or chain, is seen by its signature", async () => {
    const { entries } = await story.read();
    const other = newSigner();
    const back = { chain, seq: 2, hash: entries[1]?.hash ?? "", at: isoAt(0) };
    put(`sealed|${chain}`, (sealed) => ({ ...sealed, seq: 2, hash: entries[1]?.hash }));
    expect((await story.read()).problems).toMatchObject([{ what: "bad-seal" }]);
    const signature = await other.sign(sealedText(tenantId, back));
    put(`sealed|${chain}`, () => ({ ...back, signature }));
    expect((await story.read()).problems).toMatchObject([{ what: "bad-seal" }]);
    const foreign = await story.services.signer.sign(sealedText("another tenant", back));
    put(`sealed|${chain}`, () => ({ ...back, signature: foreign }));
    expect((await story.read()).problems).toMatchObject([{ what: "bad-seal" }]);
  });

  it("to delete everything but the seal is seen", async () => {
    for (const name of [...story.rows().keys()]) if (!name.startsWith("sealed|")) story.rows().delete(name);
    expect((await story.read()).problems.map(({ what }) => what)).toEqual(["head-missing", "cut-off"]);
  });

  it("names the entry that was changed, deleted or put in", async () => {
    put(entry(2), (value) => ({ ...value, by: "somebody else" }));
    expect((await story.read()).problems).toMatchObject([{ seq: 2, what: "changed" }]);
    story.rows().delete(entry(2));
    expect((await story.read()).problems).toMatchObject([{ seq: 2, what: "missing" }]);
  });
});

describe("the chain of what is of no incident", () => {
  it("cannot be passed off as another identity's", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    const { services } = harness.process;
    const draft = new Draft(await loadPartition(services.stores.identities, key));
    const identity = { tenantId, appId: victim.appId, servicePrincipalId: null, applicationObjectId: null };
    tell(draft, { event: "due.stuck", about: ["x"], message: "stuck", identity }, harness.clock.now());
    await draft.commit(services.stores.identities);
    const names = [...(harness.world.data.identities.get(key)?.keys() ?? [])].filter((name) =>
      name.startsWith("head|identity:"),
    );
    expect(names).toHaveLength(1);
    const other = identityKey(tenantId, "00000000-0000-4000-8000-00000000000f");
    const elsewhere = new Draft(await loadPartition(services.stores.identities, other));
    tell(elsewhere, { event: "due.stuck", about: ["x"], message: "stuck", identity }, harness.clock.now());
    await elsewhere.commit(services.stores.identities);
    expect([...(harness.world.data.identities.get(other)?.keys() ?? [])]).not.toContain(names[0]);
  });
});
