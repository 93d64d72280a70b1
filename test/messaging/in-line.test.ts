/** The line before a channel: one call at a time, none while it rests, and nobody waits in it for long. */
import { describe, expect, it } from "vitest";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { inLine } from "../../shared/messaging/in-line.ts";
import type { Notice, Said } from "../../shared/ports/outbox.ts";
import { notice } from "./notices.ts";
import { digest, tellingOf } from "./tellings.ts";

function channel() {
  const world = { now: 1_000_000, failure: null as Said["failure"], slowMs: 0, atOnce: 0, most: 0, calls: 0, told: 0 };
  const onTold = () => {
    world.told += 1;
  };
  const notifier = inLine(
    {
      id: "chat",
      async tell({ notices }) {
        world.calls += 1;
        world.now += world.slowMs;
        world.atOnce += 1;
        world.most = Math.max(world.most, world.atOnce);
        await new Promise((resolve) => setImmediate(resolve));
        world.atOnce -= 1;
        const { failure } = world;
        return { state: null, told: failure === null ? notices.map(({ id }) => id) : [], failure };
      },
      async digest() {
        if (world.failure !== null) throw world.failure;
      },
    },
    { now: () => world.now, onTold },
  );
  return { world, notifier };
}

const page: Notice = { ...notice, urgency: "page" };

describe("a channel", () => {
  it("is called once at a time; who stands too far back is sent away, a page later than others", async () => {
    const { world, notifier } = channel();
    const all = await Promise.all(
      [...Array(20).fill(notice), ...Array(20).fill(page)].map((one) => notifier.tell(tellingOf(one))),
    );
    const away = all.filter(({ failure }) => failure !== null);
    expect([world.most, world.calls, all.length - away.length]).toEqual([1, 24, 24]);
    expect(all.slice(0, 20).filter(({ failure }) => failure === null)).toHaveLength(8);
    expect(away.every(({ told, failure }) => told.length === 0 && failure?.code === "chat-busy")).toBe(true);
  });

  it("that is slow keeps only pages waiting", async () => {
    const { world, notifier } = channel();
    world.slowMs = 4_000;
    const all = [notice, notice, page].map((one) => notifier.tell(tellingOf(one)));
    expect((await Promise.all(all)).map(({ failure }) => failure?.code)).toEqual([undefined, "chat-busy", undefined]);
  });

  it("rests after a failure as long as it says, and those sent away come back one after the other", async () => {
    const { world, notifier } = channel();
    world.failure = new RetryableError("slow down", { code: "chat-throttled", retryAfterMs: 7_000 });
    await notifier.tell(tellingOf(notice));
    const away = [await notifier.tell(tellingOf(notice)), await notifier.tell(tellingOf(notice))];
    expect(away.map(({ failure }) => failure)).toMatchObject([
      { code: "chat-throttled", retryAfterMs: 8_000 },
      { code: "chat-throttled", retryAfterMs: 9_000 },
    ]);
    world.now += 7_000;
    world.failure = null;
    expect(await notifier.tell(tellingOf(notice))).toMatchObject({ told: ["n-1"] });
    expect([world.calls, world.told]).toEqual([2, 1]);
  });

  it("rests longer each time it fails, and longest after what somebody has to mend", async () => {
    const { world, notifier } = channel();
    const rests: number[] = [];
    for (const failure of [
      ...Array(4).fill(new RetryableError("down", { code: "down" })),
      new TerminalError("no", { code: "no" }),
    ]) {
      world.failure = failure;
      await notifier.tell(tellingOf(notice));
      const since = world.now;
      for (const before = world.calls; world.calls === before; world.now += 1_000)
        await notifier.tell(tellingOf(notice));
      rests.push(Math.round((world.now - since) / 1_000) - 1);
      world.now += 1_000_000;
    }
    expect(rests[0]).toBeGreaterThanOrEqual(30);
    expect(rests).toEqual(rests.toSorted((a, b) => a - b));
    expect(rests.at(-1)).toBe(300);
  });

  it("is not called for what is for the digest alone, where there is no thread", async () => {
    const { world, notifier } = channel();
    expect(await notifier.tell(tellingOf({ ...notice, urgency: "digest" }))).toMatchObject({
      told: ["n-1"],
      failure: null,
    });
    expect(world.calls).toBe(0);
  });

  it("lets the digest's failure through, and counts its success", async () => {
    const { world, notifier } = channel();
    await notifier.digest(digest);
    expect(world.told).toBe(1);
    world.failure = new RetryableError("down", { code: "down" });
    await expect(notifier.digest(digest)).rejects.toBe(world.failure);
  });
});
