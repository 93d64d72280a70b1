/** A log that goes silent is told once, and its end, too; what is quiet every night is no silence. */
import fc from "fast-check";
import { describe, expect, it, test, vi } from "vitest";
import { type LogRhythm, withArrival, withArrivals } from "../../../shared/domain/log-rhythm.ts";
import { createSilenceWatch, silenceOf } from "../../../shared/engine/ingest/watch-silence.ts";
import { Harness } from "../../support/harness.ts";
import { startAt, tenantId } from "../../support/harness-cast.ts";
import { day, deliveryOf, hour, policyWith } from "../../support/harness-world.ts";

vi.setConfig({ testTimeout: 60_000 });

const minute = 60_000;
const midnight = Date.parse("2026-03-02T00:00:00Z");
const policy = policyWith();
const { factor, atLeastMinutes } = policy.tuning.silence;

/** Records every ten minutes of each day, but for the first hours of it; answers what is known at the end. */
function quietNights(days: number, nightMs: number, from = midnight): LogRhythm {
  let rhythm: LogRhythm | undefined;
  for (let at = from; at < from + days * day; at += 10 * minute) {
    if ((at - from) % day < nightMs) continue;
    rhythm = withArrivals(rhythm, withArrival([], at));
  }
  if (rhythm === undefined) throw new Error("no record at all");
  return rhythm;
}

test("gaps of every night are learned, and only what is several times as long is a silence", () => {
  const night = fc.integer({ min: 1, max: 14 }).map((hours) => hours * hour);
  fc.assert(
    fc.property(
      night,
      fc.integer({ min: 4, max: 30 }),
      fc.integer({ min: 0, max: 5_000 }),
      (nightMs, days, minutes) => {
        const rhythm = quietNights(days, nightMs);
        const since = minutes * minute;
        const isLong = since > Math.max(factor * (nightMs + 10 * minute), atLeastMinutes * minute);
        expect(silenceOf(rhythm, policy, rhythm.last + since) !== null).toBe(isLong);
      },
    ),
  );
});

test("the same records twice, late, and in any split over instances, make no gap longer", () => {
  const offsets = fc.array(fc.integer({ min: 0, max: 6 * 24 * 60 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(offsets, fc.infiniteStream(fc.nat(3)), (minutes, instances) => {
      const times = [...new Set(minutes)].sort((a, b) => a - b).map((at) => midnight + at * minute);
      const add = (rhythm: LogRhythm | undefined, at: number) => withArrivals(rhythm, withArrival([], at));
      const once = times.reduce<LogRhythm | undefined>(add, undefined);
      const again = times.reduce<LogRhythm | undefined>((rhythm, at, n) => {
        const late = times[Math.max(0, n - (instances.next().value ?? 0))] ?? at;
        return add(add(add(rhythm, at), at), late);
      }, undefined);
      expect(again?.last).toBe(once?.last);
      for (const [on, gap] of Object.entries(again?.gaps ?? {})) expect(gap).toBeLessThanOrEqual(once?.gaps[on] ?? -1);
    }),
  );
});

test("what is kept of a log stays small", () => {
  const rhythm = quietNights(60, hour);
  expect(Object.keys(rhythm.gaps).length).toBeLessThanOrEqual(14);
  let seen = withArrival([], midnight);
  for (let n = 1; n < 5_000; n++) seen = withArrival(seen, midnight + n * 2 * minute);
  expect(seen.length).toBeLessThanOrEqual(256);
});

describe("a log", () => {
  async function watched() {
    const harness = await Harness.start();
    const { freshness } = harness.process.services.stores;
    let watch = createSilenceWatch(harness.process.services);
    const come = () => freshness.seen(tenantId, new Map([["AuditLogs", harness.clock.now()]]));
    const pass = async (ms: number, withRecords: boolean) => {
      for (let passed = 0; passed < ms; passed += 10 * minute) {
        await harness.clock.advance(10 * minute);
        if (withRecords) await come();
        await watch();
      }
      await harness.run();
    };
    const restart = () => {
      watch = createSilenceWatch(harness.process.services);
    };
    return { harness, pass, restart };
  }
  const silences = (harness: Harness) =>
    harness.events("finding.created").filter(({ data }) => data.detection === "detection-silenced");

  it("that stays away is paged once, however often and by whatever process it is looked at; its end is said", async () => {
    const { harness, pass, restart } = await watched();
    await pass(4 * day, true);
    await pass(2 * hour, false);
    restart();
    await pass(2 * hour, false);
    expect(silences(harness)).toMatchObject([{ urgency: "page", data: { topic: { kind: "log", id: "AuditLogs" } } }]);
    expect(harness.events("incident.closed")).toEqual([]);
    restart();
    await pass(hour, true);
    expect(harness.events("incident.closed")).toMatchObject([{ urgency: "chat" }]);
    expect(harness.events("incident.closed")[0]?.message).toContain("come again");
    // learned now, and told again only when it is far longer
    await pass(4 * hour, false);
    expect(silences(harness)).toHaveLength(1);
  });

  it("is not called silent before three days are known, nor in the first minutes of a process", async () => {
    const { harness, pass, restart } = await watched();
    await pass(day, true);
    await pass(20 * hour, false);
    expect(silences(harness)).toEqual([]);
    await pass(4 * day, true);
    await harness.clock.advance(4 * day);
    restart();
    await harness.run();
    expect(silences(harness)).toEqual([]);
    expect(harness.clock.now()).toBeGreaterThan(startAt);
  });

  it("is no longer usual to be silent because an app that was down reads in one batch what waited meanwhile", async () => {
    const harness = await Harness.start();
    const { clock, world, process } = harness;
    const came = (at: number) => ({ ...deliveryOf(world, [{ category: "AuditLogs" }]), enqueuedAt: at });
    const rhythm = async () => (await process.services.stores.freshness.all(tenantId)).get("AuditLogs");
    for (let passed = 0; passed < 4 * day; passed += 10 * minute) {
      await clock.advance(10 * minute);
      await process.ingest([came(clock.now())]);
    }
    const since = clock.now();
    await clock.advance(2 * day);
    const waited = Array.from({ length: 280 }, (_, n) => came(since + (n + 1) * 10 * minute));
    await process.ingest(waited.slice(0, 140));
    await clock.advance(minute);
    await process.ingest(waited.slice(140));
    const gaps = Object.values((await rhythm())?.gaps ?? {});
    expect(Math.max(...gaps)).toBeLessThanOrEqual(11 * minute);
  });
});
