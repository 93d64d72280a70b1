/** Lanes: the law of the token bucket, and who goes first. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLane, type Turn } from "../../shared/graph/lane.ts";
import { defaultLaneRates } from "../../shared/graph/lanes.ts";
import { handClock } from "./clocks.ts";

const far = Number.MAX_SAFE_INTEGER;
const turn = (ticket: number, more: Partial<Turn> = {}): Turn => ({
  cost: 1,
  priority: "normal",
  deadlineAt: far,
  ticket,
  ...more,
});

const Arrival = fc.record({
  afterMs: fc.nat(1_500),
  cost: fc.integer({ min: 1, max: 3 }),
  priority: fc.constantFrom("high" as const, "normal" as const, "low" as const),
  patienceMs: fc.option(fc.nat(4_000), { nil: null }),
  pauseMs: fc.option(fc.nat(2_000), { nil: null, freq: 6 }),
});

interface Admitted {
  readonly at: number;
  readonly cost: number;
  readonly priority: Turn["priority"];
}

function mostIn(admitted: readonly Admitted[], burst: number, ratePerSecond: number): number {
  let worst = 0;
  for (const [i, first] of admitted.entries()) {
    let taken = 0;
    for (const each of admitted.slice(i)) {
      taken += each.cost;
      worst = Math.max(worst, taken - burst - ((each.at - first.at) / 1000) * ratePerSecond);
    }
  }
  return worst;
}

describe("a lane", () => {
  it("never admits more than burst + rate × t in any stretch of time, nor low callers more than their share", async () => {
    const Rate = fc.record({
      ratePerSecond: fc.double({ min: 0.5, max: 30, noNaN: true }),
      burst: fc.integer({ min: 3, max: 12 }),
      lowShare: fc.constantFrom(0.4, 1),
    });
    await fc.assert(
      fc.asyncProperty(Rate, fc.array(Arrival, { maxLength: 25 }), async (rate, arrivals) => {
        const clock = handClock();
        const lane = createLane(clock, rate);
        const admitted: Admitted[] = [];
        const late: number[] = [];
        for (const [ticket, { afterMs, cost, priority, patienceMs, pauseMs }] of arrivals.entries()) {
          await clock.advance(afterMs);
          const deadlineAt = patienceMs === null ? far : clock.now() + patienceMs;
          void lane.enter({ cost, priority, deadlineAt, ticket }).then((admission) => {
            if (admission.admitted) admitted.push({ at: clock.now(), cost, priority });
            if (admission.admitted && clock.now() >= deadlineAt) late.push(ticket);
          });
          if (pauseMs !== null) lane.pause(pauseMs);
        }
        await clock.advance(600_000);
        expect(late).toEqual([]);
        expect(mostIn(admitted, rate.burst, rate.ratePerSecond)).toBeLessThan(1e-3);
        const low = admitted.filter(({ priority }) => priority === "low");
        // A cost above the low callers' burst counts as that burst.
        const lowBurst = Math.max(1, rate.burst * rate.lowShare);
        const counted = low.map((each) => ({ ...each, cost: Math.min(each.cost, lowBurst) }));
        expect(mostIn(counted, lowBurst, rate.ratePerSecond * rate.lowShare)).toBeLessThan(1e-3);
        const patient = arrivals.filter(({ patienceMs }) => patienceMs === null).length;
        expect(admitted.length).toBeGreaterThanOrEqual(patient);
      }),
      { numRuns: 60 },
    );
  });

  it("serves in the order of tickets, high before normal before low", async () => {
    const clock = handClock();
    const lane = createLane(clock, { ratePerSecond: 1, burst: 1, lowShare: 1 });
    const order: number[] = [];
    const enter = (given: Turn) => void lane.enter(given).then(() => order.push(given.ticket));
    enter(turn(0));
    for (const ticket of [5, 1, 3]) enter(turn(ticket, { priority: "low" }));
    for (const ticket of [4, 2]) enter(turn(ticket));
    enter(turn(6, { priority: "high" }));
    await clock.advance(10_000);
    expect(order).toEqual([0, 6, 2, 4, 1, 3, 5]);
  });

  it("turns a caller away at its deadline, and at once when it is paused for longer", async () => {
    const clock = handClock();
    const lane = createLane(clock, { ratePerSecond: 0.1, burst: 1, lowShare: 1 });
    const told: [at: number, admission: unknown][] = [];
    const enter = (given: Turn) => void lane.enter(given).then((admission) => told.push([clock.now(), admission]));
    enter(turn(0));
    enter(turn(1, { deadlineAt: 4_000 }));
    await clock.advance(5_000);
    enter(turn(2, { deadlineAt: 30_000 }));
    lane.pause(60_000);
    await clock.advance(0);
    expect(told).toEqual([
      [0, { admitted: true }],
      [4_000, { admitted: false, retryAfterMs: null }],
      [5_000, { admitted: false, retryAfterMs: 60_000 }],
    ]);
  });

  it("makes later callers wait for what was charged", async () => {
    const clock = handClock();
    const lane = createLane(clock, { ratePerSecond: 1, burst: 2, lowShare: 1 });
    lane.charge(2);
    lane.charge(2);
    let at: number | null = null;
    void lane.enter(turn(0)).then(() => {
      at = clock.now();
    });
    await clock.advance(10_000);
    expect(at).toBe(2_000 + 1_000);
  });

  it("without limits admits everybody at once", async () => {
    const clock = handClock();
    const lane = createLane(clock, { ratePerSecond: Infinity, burst: Infinity, lowShare: 1 });
    const admissions = await Promise.all(Array.from({ length: 500 }, (_, ticket) => lane.enter(turn(ticket))));
    expect(admissions.every(({ admitted }) => admitted)).toBe(true);
  });

  it("has the documented figures by default, and keeps a little off the one without a Retry-After", () => {
    const perMinute = Object.entries(defaultLaneRates).map(([lane, { ratePerSecond }]) => [lane, ratePerSecond * 60]);
    expect(Object.fromEntries(perMinute)).toEqual({
      directory: 21_000,
      "directory-write": 1_200,
      "identity-protection": 57,
      reports: 30,
      "key-credentials": 150,
      azure: 600,
    });
  });
});
