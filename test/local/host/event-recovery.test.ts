// What survives the end of a host, of a batch and of storage: real processes, real signals.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type EventsBench, eventsBench } from "./events-bench.ts";

const WAIT = { timeout: 25_000, interval: 30 };

describe("a host", () => {
  let bench: EventsBench;

  beforeAll(async () => {
    bench = await eventsBench();
  }, 60_000);
  beforeEach(() => bench.forget());
  afterEach(() => bench.killHosts());
  afterAll(() => bench.stop());

  it("continues after its checkpoint when it comes back, a failed batch included", async () => {
    const first = await bench.start();
    bench.broker.enqueue("in", { id: 1 });
    bench.broker.enqueue("once", { id: "lost", failures: 1 });
    await expect.poll(() => [...bench.done("for-ever"), bench.notes("once").length], WAIT).toEqual([1, 1]);
    await first.stop();
    expect(await first.exited).toEqual({ code: 0, signal: null });

    bench.forget();
    bench.broker.enqueue("in", { id: 2 });
    bench.broker.enqueue("once", { id: "next" });
    await bench.start();
    await expect.poll(() => [...bench.done("for-ever"), ...bench.done("once")], WAIT).toEqual([2, "next"]);
  });

  it("killed in the middle of a batch gets the batch again, at once", async () => {
    const killed = await bench.start({ FIXTURE_HANG: "1", FIXTURE_HUB: "killed" });
    bench.broker.enqueue("killed", { id: 1, hang: true });
    await expect.poll(() => bench.notes("for-ever").length, WAIT).toBe(1);
    killed.kill("SIGKILL");
    await killed.exited;

    bench.broker.enqueue("killed", { id: 2 });
    await bench.start({ FIXTURE_HUB: "killed" });
    await expect.poll(() => bench.done("for-ever").toSorted(), WAIT).toEqual([1, 2]);
  });

  it("stopped in the middle of a batch writes no checkpoint for it", async () => {
    const stopped = await bench.start({ FIXTURE_HANG: "1", FIXTURE_HUB: "stopped" }, 300);
    bench.broker.enqueue("stopped", { id: 1, hang: true });
    await expect.poll(() => bench.notes("for-ever").length, WAIT).toBe(1);
    await stopped.stop();
    expect(await stopped.exited).toEqual({ code: 0, signal: null });
    expect(stopped.output().at(-1)).toContain('"finished":false');

    await bench.start({ FIXTURE_HUB: "stopped" });
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual([1]);
  });

  it("stopped while a retry is due leaves the batch to its successor", async () => {
    const stopped = await bench.start({ FIXTURE_HUB: "retried" });
    bench.broker.enqueue("retried", { id: 1, failures: 1e9 });
    await expect.poll(() => bench.notes("for-ever").length, WAIT).toBeGreaterThan(1);
    await stopped.stop();

    bench.forget();
    await bench.start({ FIXTURE_HUB: "retried" });
    await expect.poll(() => bench.notes("for-ever")[0]?.messages, WAIT).toEqual([{ id: 1, failures: 1e9 }]);
  });

  it("hands its partitions to the host that waits, which had none of them before", async () => {
    const only = { FIXTURE_HUB: "handed" }; // One partition, as the writer's hub has.
    const first = await bench.start(only);
    bench.broker.enqueue("handed", { id: 1 });
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual([1]);
    const second = await bench.start(only);
    bench.broker.enqueue("handed", { id: 2 });
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual([1, 2]);
    await first.stop();
    bench.broker.enqueue("handed", { id: 3 });
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual([1, 2, 3]);
    await second.stop();
  });

  it("handles batches through a storage outage and checkpoints when it is over", async () => {
    const host = await bench.start({ FIXTURE_HUB: "outage" });
    bench.broker.enqueue("outage", { id: 1 });
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual([1]);
    bench.azurite.cut();
    bench.broker.enqueue("outage", { id: 2 });
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual([1, 2]);
    await sleep(500);
    bench.azurite.restore();
    bench.broker.enqueue("outage", { id: 3 });
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual([1, 2, 3]);
    await host.stop();

    bench.forget();
    await bench.start({ FIXTURE_HUB: "outage" });
    bench.broker.enqueue("outage", { id: 4 });
    await expect.poll(() => bench.done("for-ever"), WAIT).toEqual([4]);
  });
});
