/** GET /api/dead-letters and POST …/replay: what became of a record that is taken again, and that it is that very record. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { listDeadLetters, replayDeadLetter } from "../../../shared/api/dead-letters.ts";
import type { Caller } from "../../../shared/domain/caller.ts";
import type { Origin } from "../../../shared/domain/dead-letter.ts";
import { RetryableError } from "../../../shared/domain/errors.ts";
import { digestOf } from "../../../shared/engine/ingest/dead-letters.ts";
import type { EventSource } from "../../../shared/ports/event-source.ts";
import { apiOn, apiServices } from "../../support/api.ts";
import { Harness } from "../../support/harness.ts";
import { leak } from "../../support/harness-cast.ts";
import { deliveryOf } from "../../support/harness-world.ts";
import { asking, rita } from "./show-world.ts";

const admin: Caller = { ...rita, roles: ["Tourniquet.Admin"] };

/** What was delivered, by its place, as a hub holds it. */
class Hub implements EventSource {
  readonly bodies = new Map<number, unknown>();
  down = false;

  async readAgain({ sequenceNumber }: Origin): ReturnType<EventSource["readAgain"]> {
    if (this.down) throw new RetryableError("the hub is down", { code: "event-hub-unreachable" });
    const body = this.bodies.get(sequenceNumber);
    if (body === undefined) return { found: false, why: "the hub does not keep it any more" };
    return { found: true, body: structuredClone(body), enqueuedAt: 1_000 };
  }
}

async function deliver(harness: Harness, hub: Hub, body: unknown): Promise<void> {
  const delivery = { ...deliveryOf(harness.world, []), body };
  hub.bodies.set(delivery.origin.sequenceNumber, body);
  await harness.process.ingest([delivery]);
}

describe("the listing", () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
    const hub = new Hub();
    for (let n = 0; n < 9; n++) {
      await deliver(harness, hub, n % 3 === 0 ? `{ not json ${n}` : { records: [n] });
      await harness.clock.advance(n % 2 === 0 ? 0 : 1_000);
    }
  });

  it("gives each exactly once, newest first, whatever the size of its pages", async () => {
    const ask = asking(harness);
    const all = (await ask(listDeadLetters, "/dead-letters?limit=200")).items;
    expect(all).toHaveLength(9);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10 }), async (limit) => {
        const seen: string[] = [];
        for (let next: string | null = `/dead-letters?limit=${limit}`; next !== null; ) {
          const page: Awaited<ReturnType<typeof pageAt>> = await pageAt(ask, next);
          seen.push(...page.items.map(({ id }) => id));
          next = page.nextCursor === null ? null : `/dead-letters?limit=${limit}&cursor=${page.nextCursor}`;
        }
        expect(seen).toEqual(all.map(({ id }) => id));
      }),
      { numRuns: 10 },
    );
  });

  it("filters by reason, and by whether somebody had it taken again", async () => {
    const ask = asking(harness);
    const count = async (query: string) => (await ask(listDeadLetters, `/dead-letters?${query}`)).items.length;
    expect(await count("reason=not-json")).toBe(3);
    expect(await count("reason=not-an-object")).toBe(6);
    expect(await count("reason=none")).toBe(0);
    expect([await count("replayed=yes"), await count("replayed=no")]).toEqual([0, 9]);
  });
});

function pageAt(ask: ReturnType<typeof asking>, path: string) {
  return ask(listDeadLetters, path);
}

describe("taking one again", () => {
  async function refused() {
    const harness = await Harness.start();
    const hub = new Hub();
    const { record, copy } = leak();
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    const { stores } = harness.process.services;
    const ask = asking(harness, hub);
    // storage refuses the record itself, once
    const commit = stores.identities.commit;
    Object.assign(stores.identities, {
      commit: async () => {
        const { TerminalError } = await import("../../../shared/domain/errors.ts");
        throw new TerminalError("too large", { code: "value-too-large" });
      },
    });
    await deliver(harness, hub, { records: [{ category: "Nothing" }, record] });
    Object.assign(stores.identities, { commit });
    const [letter] = (await ask(listDeadLetters, "/dead-letters")).items;
    if (letter === undefined) throw new Error("no dead letter");
    return {
      harness,
      hub,
      ask,
      letter,
      replay: () => ask(replayDeadLetter, `/dead-letters/${letter.id}/replay`, admin),
    };
  }

  it("files what storage refused before, marks the letter with who did it, and does nothing the second time", async () => {
    const { harness, ask, letter, replay } = await refused();
    expect(letter).toMatchObject({ reason: "storage-refused", origin: { index: 1 }, replay: null });
    expect(letter.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await replay()).replay).toMatchObject({ result: "finding", by: `${rita.name} (${rita.id})` });
    await harness.run();
    expect(await harness.runs()).toHaveLength(1);
    expect((await replay()).replay).toMatchObject({ result: "known" });
    expect((await ask(listDeadLetters, "/dead-letters?replayed=yes")).items.map(({ id }) => id)).toEqual([letter.id]);
  });

  it("takes nothing that is not that very record, be the hub made anew or the row edited", async () => {
    const { harness, hub, letter, replay } = await refused();
    const held = hub.bodies.get(letter.origin.sequenceNumber);
    for (const other of [{ records: [{}, leak({ id: "another" }).record] }, { records: [] }, "text"]) {
      hub.bodies.set(letter.origin.sequenceNumber, other);
      expect((await replay()).replay, JSON.stringify(other)).toMatchObject({ result: "another-record" });
    }
    hub.bodies.set(letter.origin.sequenceNumber, held);
    const { deadLetters } = harness.process.services.stores;
    const stored = await deadLetters.get(harness.world.policy.tenantId, letter.id);
    if (stored === null) throw new Error("no letter");
    await deadLetters.replace({ ...stored, sha256: null });
    expect((await replay()).replay).toMatchObject({ result: "another-record" });
    await deadLetters.replace({ ...stored, origin: { ...stored.origin, index: 0 } });
    expect((await replay()).replay).toMatchObject({ result: "another-record" });
    expect(await harness.runs()).toEqual([]);
  });

  it("says that it is a dead letter still, with the reason, or that its hub has it no more", async () => {
    const harness = await Harness.start();
    const hub = new Hub();
    await deliver(harness, hub, "{ not json");
    const ask = asking(harness, hub);
    const [letter] = (await ask(listDeadLetters, "/dead-letters")).items;
    const path = `/dead-letters/${letter?.id}/replay`;
    const again = await ask(replayDeadLetter, path, admin);
    expect(again.replay).toMatchObject({ result: "dead-letter", detail: expect.stringContaining("not-json") });
    expect((await ask(listDeadLetters, "/dead-letters")).items).toHaveLength(1);
    hub.bodies.clear();
    expect((await ask(replayDeadLetter, path, admin)).replay).toMatchObject({ result: "not-found" });
  });

  it("marks nothing while the hub is down, knows no other letters, and is for administrators", async () => {
    const { harness, hub, ask, letter } = await refused();
    const call = apiOn(apiServices(harness.process.services, hub));
    hub.down = true;
    expect(await call("POST", `/dead-letters/${letter.id}/replay`, { as: admin })).toMatchObject({ status: 503 });
    expect((await ask(listDeadLetters, "/dead-letters")).items[0]?.replay).toBeNull();
    hub.down = false;
    expect(await call("POST", `/dead-letters/${"C".repeat(22)}/replay`, { as: admin })).toMatchObject({ status: 404 });
    expect(await call("POST", `/dead-letters/${letter.id}/replay`, { as: rita })).toMatchObject({ status: 403 });
  });
});

describe("the hash of a record", () => {
  it("is the same for the same record read again, and another for any other", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (a, b) => {
        const [one, other] = [JSON.parse(a), JSON.parse(b)];
        if (one === null || other === null) return;
        expect(digestOf(JSON.parse(a)).sha256).toBe(digestOf(one).sha256);
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(digestOf(one).sha256 === digestOf(other).sha256).toBe(isSame);
      }),
    );
  });

  it("is none of what is larger than anybody's record, however deep it is", () => {
    let deep: unknown = "end";
    for (let n = 0; n < 150_000; n++) deep = [deep];
    expect(digestOf(deep).sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf(Array.from({ length: 300_000 }, (_, n) => n)).sha256).toBeNull();
  });
});
