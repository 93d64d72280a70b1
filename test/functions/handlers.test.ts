/** The triggers: what they hand to the engine, and when they throw so that the partition is held. */
import { InvocationContext } from "@azure/functions";
import { describe, expect, it } from "vitest";
import type { App } from "../../functions/app.ts";
import { getHealth } from "../../functions/get-health.ts";
import { ingestEvents } from "../../functions/ingest-events.ts";
import { runPlan } from "../../functions/run-plan.ts";
import { sweepTimer } from "../../functions/timers.ts";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { identityKey } from "../../shared/domain/identity.ts";
import { createIngest } from "../../shared/engine/ingest/ingest.ts";
import { createSilenceWatch } from "../../shared/engine/ingest/watch-silence.ts";
import { createSafetyWatch } from "../../shared/engine/judge/watch-safety.ts";
import { createWriter } from "../../shared/engine/run/writer.ts";
import { createHealthWatch } from "../../shared/engine/watch-health.ts";
import type { EventSource } from "../../shared/ports/event-source.ts";
import { another, leak, tenantId, victim } from "../support/harness-cast.ts";
import { newWorld, startProcess, type World } from "../support/harness-world.ts";
import { listRuns } from "../support/list-runs.ts";
import { createMemoryStores, type MemoryStores } from "../support/memory-stores.ts";

interface FakeApp {
  readonly world: World;
  readonly stores: MemoryStores;
  readonly app: () => Promise<App>;
}

function fakeApp(): FakeApp {
  const world = newWorld();
  const stores = createMemoryStores({ clock: world.clock, data: world.data });
  const services = { ...startProcess(world).services, stores };
  const watchSilence = createSilenceWatch(services);
  const ingest = createIngest(services);
  const events: EventSource = { readAgain: async () => ({ found: false, why: "no hub here" }) };
  const api = { services: { ...services, events, ingest }, platformAuthentication: true };
  const watchSafety = createSafetyWatch(services);
  const initialOffset = "2026-01-31T00:00:00Z";
  const watchHealth = createHealthWatch(services);
  const watches = { watchSilence, watchSafety, watchHealth };
  const made: App = { services, writer: createWriter(services), ingest, ...watches, api, initialOffset };
  return { world, stores, app: async () => made };
}

function contextOf(triggerMetadata: Record<string, unknown> = {}): InvocationContext {
  return new InvocationContext({ functionName: "ingest-risk", invocationId: "one", triggerMetadata });
}

const two = [{ records: [leak().record] }, { records: [leak({ id: "detection-2", ...another(1) }).record] }];

async function identities({ app }: FakeApp): Promise<readonly string[]> {
  const runs = await listRuns((await app()).services);
  return runs.map(({ identity }) => identity).sort();
}

const both = [victim, another(1)].map(({ appId }) => identityKey(tenantId, appId)).sort();

describe("ingest-events", () => {
  it("handles every record of the batch, one body or many", async () => {
    const fake = fakeApp();
    const handler = ingestEvents(fake.app, "entra-risk");
    await handler(two, contextOf());
    expect(await identities(fake)).toEqual(both);
    const one = fakeApp();
    await ingestEvents(one.app, "entra-risk")(two[0], contextOf());
    expect(await identities(one)).toHaveLength(1);
  });

  it("throws a retryable error only after everything else of the batch was handled, and loses nothing on the retry", async () => {
    const fake = fakeApp();
    const handler = ingestEvents(fake.app, "entra-risk");
    fake.stores.failNext("identities.commit");
    await expect(handler(two, contextOf())).rejects.toBeInstanceOf(RetryableError);
    expect(await identities(fake)).toHaveLength(1);
    await handler(two, contextOf());
    expect(await identities(fake)).toEqual(both);
  });

  it("keeps what storage refuses as a dead letter that says where it lies, and handles the next record", async () => {
    const fake = fakeApp();
    fake.stores.failNext("identities.commit", new TerminalError("too large", { code: "refused" }));
    const metadata = { partitionContext: { partitionId: "3" }, sequenceNumberArray: [41, 42] };
    await ingestEvents(fake.app, "entra-risk")(two, contextOf(metadata));
    expect(await identities(fake)).toHaveLength(1);
    const [letter, another] = await fake.stores.deadLetters.list(tenantId, 10);
    expect(letter).toMatchObject({ reason: "storage-refused", origin: { hub: "entra-risk", partition: "3" } });
    expect([41, 42]).toContain(letter?.origin.sequenceNumber);
    expect(another).toBeUndefined();
  });

  it("throws when not even the dead letter can be kept, rather than lose the record", async () => {
    const fake = fakeApp();
    fake.stores.failNext("deadLetters.put");
    await expect(ingestEvents(fake.app, "entra-risk")(["{ nonsense"], contextOf())).rejects.toBeInstanceOf(
      RetryableError,
    );
    await ingestEvents(fake.app, "entra-risk")(["{ nonsense"], contextOf());
    expect(await fake.stores.deadLetters.list(tenantId, 10)).toMatchObject([{ reason: "not-json" }]);
  });

  it("reads a batch whose metadata is missing or odd", async () => {
    const fake = fakeApp();
    const odd = { partitionContext: 7, sequenceNumberArray: ["a"], enqueuedTimeUtcArray: [null] };
    await ingestEvents(fake.app, "entra-risk")(two, contextOf(odd));
    expect(await identities(fake)).toEqual(both);
  });
});

describe("run-plan", () => {
  it("ignores messages that are not ours, tells so, and runs the others", async () => {
    const fake = fakeApp();
    await ingestEvents(fake.app, "entra-risk")(two, contextOf());
    const nonsense = [null, 7, "text", [], { kind: "stage" }, { kind: "format-disk", identity: "x" }];
    await runPlan(fake.app)([...nonsense, ...fake.world.hub], contextOf());
    expect(fake.world.log.filter((line) => line.includes("not one of ours"))).toHaveLength(nonsense.length);
    expect((await listRuns((await fake.app()).services)).map(({ stages }) => stages[0]?.status)).not.toContain(
      "pending",
    );
  });

  it("does not throw for one thing that fails: it is due again", async () => {
    const fake = fakeApp();
    await ingestEvents(fake.app, "entra-risk")(two, contextOf());
    fake.stores.failNext("identities.load");
    await runPlan(fake.app)(fake.world.hub, contextOf());
    expect((await fake.stores.due.all(tenantId)).filter(({ attempts }) => attempts > 0).length).toBeGreaterThan(0);
  });

  it("does not invent work for a plan that is not there, and forgets its wake-up", async () => {
    const fake = fakeApp();
    const message = { kind: "stage", identity: both[0], planId: "none", stage: "contain", verifies: false };
    const id = `stage|${both[0]}|none|contain`;
    const version = await fake.stores.due.put({ id, tenantId, wakeAt: 0, message, attempts: 0 });
    await runPlan(fake.app)([{ ...message, version }], contextOf());
    expect(await fake.stores.due.all(tenantId)).toEqual([]);
    expect(fake.world.tenant.writes).toEqual([]);
  });
});

describe("the sweep timer", () => {
  it("waits out a storage outage, and publishes what is due when it is over", async () => {
    const fake = fakeApp();
    await ingestEvents(fake.app, "entra-risk")(two, contextOf());
    fake.world.hub.length = 0;
    await fake.world.clock.advance(60_000);
    fake.stores.failNext("due.due");
    await sweepTimer(fake.app)();
    expect(fake.world.hub).toEqual([]);
    await sweepTimer(fake.app)();
    expect(fake.world.hub).toHaveLength(2);
  });
});

describe("health", () => {
  it("is 200 when all is well", async () => {
    const { app } = fakeApp();
    expect(await getHealth(app)()).toMatchObject({ status: 200, jsonBody: { status: "ok" } });
  });

  it("is 503 when storage cannot be read, and when due things pile up", async () => {
    const fake = fakeApp();
    fake.stores.failNext("due.all");
    expect(await getHealth(fake.app)()).toMatchObject({ status: 503, jsonBody: { status: "degraded" } });
    await ingestEvents(fake.app, "entra-risk")(two, contextOf());
    await fake.world.clock.advance(10 * 60_000);
    expect(await getHealth(fake.app)()).toMatchObject({ status: 503, jsonBody: { due: { waiting: 2, overdue: 2 } } });
  });
});
