import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Detection } from "../../shared/detections/detection.ts";
import {
  blockedByConditionalAccess,
  manyFailedSignIns,
  riskySignIn,
  signInFromNewCountry,
  signInFromNewNetwork,
  signInOutsideTrustedLocations,
} from "../../shared/detections/index.ts";
import {
  daysBefore,
  exampleBaseline,
  signInExample,
  usualValues,
} from "../../shared/detections/support/sign-in-examples.ts";
import { type Baseline, emptyBaseline, type Observation } from "../../shared/domain/baseline.ts";
import type { EventOf } from "../../shared/domain/event.ts";
import { learn } from "../../shared/domain/learn.ts";
import { defaultTuning, Tuning } from "../../shared/domain/policy.ts";
import { observationsOf } from "../../shared/engine/ingest/observations.ts";

type SignIn = EventOf<"signed-in">;
const now = Date.parse("2026-03-02T10:00:00Z");
const facts = { now, tuning: defaultTuning };
const at = (time: string) => `2026-03-02T${time}.000Z`;

function evaluate(detection: Detection, change: Partial<SignIn>, baseline: Baseline | null, tuning = defaultTuning) {
  return detection.evaluate(signInExample(change), { now, tuning, baseline });
}

/** What each of the events causes, as it comes: learned first, judged after. */
function inOrder(detection: Detection, events: readonly SignIn[], held: Baseline = emptyBaseline): Set<string> {
  const found = new Set<string>();
  let baseline = held;
  for (const event of events) {
    const seen: readonly Observation[] = observationsOf(event);
    baseline = learn(baseline, seen, now, 180 * 24 * 3600_000);
    const match = detection.evaluate(event, { ...facts, baseline });
    if (match !== null) found.add(match.dedupeBy);
  }
  return found;
}

const shuffled = <T>(all: readonly T[]) =>
  fc
    .array(fc.nat({ max: all.length - 1 }), { minLength: all.length, maxLength: 2 * all.length })
    .map((picks) => [...picks.flatMap((pick) => all[pick] ?? []), ...all]);

describe("what is new", () => {
  const learned = exampleBaseline({
    network: usualValues("asn:64496", "net:203.0.113.0/24"),
    country: usualValues("NL"),
  });
  const elsewhere = { ipAddress: "198.51.100.7", asn: 64500, country: "BR" };

  test("is told of an identity that was watched for the policy's days, not before", () => {
    const young = { ...learned, signInsSince: daysBefore(13) };
    for (const detection of [signInFromNewNetwork, signInFromNewCountry]) {
      expect(evaluate(detection, elsewhere, learned)).not.toBeNull();
      expect(evaluate(detection, elsewhere, young)).toBeNull();
      expect(evaluate(detection, elsewhere, young, { ...defaultTuning, learningDays: 13 })).not.toBeNull();
    }
  });

  test("is not told where it cannot be known: nothing is known, or some of the values were forgotten", () => {
    const crowded = exampleBaseline({ network: learned.seen.network ?? {} }, ["network", "country"]);
    for (const detection of [signInFromNewNetwork, signInFromNewCountry]) {
      expect(evaluate(detection, elsewhere, null)).toBeNull();
      expect(evaluate(detection, elsewhere, crowded)).toBeNull();
    }
  });

  test("is measured by the address while no autonomous system was seen before", () => {
    const byAddress = exampleBaseline({ network: usualValues("net:203.0.113.0/24") });
    expect(evaluate(signInFromNewNetwork, elsewhere, byAddress)?.dedupeBy).toBe("net:198.51.100.0/24");
    expect(evaluate(signInFromNewNetwork, elsewhere, learned)?.dedupeBy).toBe("asn:64500");
    expect(evaluate(signInFromNewNetwork, { ...elsewhere, asn: null }, learned)?.dedupeBy).toBe("net:198.51.100.0/24");
  });

  test("gives the same findings however often and in whatever order its records come", () => {
    const events = ["09:10:00", "09:20:00", "09:30:00"].map((time, i) =>
      signInExample({ ...elsewhere, occurredAt: at(time), recordId: `sign-in ${i}` }),
    );
    fc.assert(
      fc.property(shuffled(events), (order) => {
        expect(inOrder(signInFromNewNetwork, order, learned)).toEqual(new Set(["asn:64500"]));
        expect(inOrder(signInFromNewCountry, order, learned)).toEqual(new Set(["BR"]));
      }),
    );
  });
});

test("records that begin to say from where they come tell nothing new", () => {
  const silent = exampleBaseline({ key: usualValues("some-key") });
  for (const detection of [signInFromNewNetwork, signInFromNewCountry]) {
    expect(evaluate(detection, { ipAddress: "198.51.100.7", asn: 64500, country: "BR" }, silent)).toBeNull();
  }
  const cut = exampleBaseline({}, ["network", "country"]);
  expect(evaluate(signInFromNewCountry, { country: "BR" }, cut)).toBeNull();
});

describe("failed sign-ins", () => {
  const failures = (count: number, minute = 0) =>
    Array.from({ length: count }, (_, i) =>
      signInExample({
        errorCode: 7000215,
        recordId: `failure ${minute}.${i}`,
        occurredAt: at(`08:${String(minute).padStart(2, "0")}:${String(i).padStart(2, "0")}`),
      }),
    );

  test("are told when enough came within the time, whichever of their records comes last", () => {
    fc.assert(
      fc.property(shuffled(failures(10)), (order) => {
        expect(inOrder(manyFailedSignIns, order)).toEqual(new Set(["2026-03-02"]));
      }),
    );
  });

  test("are not told when one is missing, or when one of them came twice instead", () => {
    fc.assert(
      fc.property(shuffled(failures(9)), (order) => {
        expect(inOrder(manyFailedSignIns, order)).toEqual(new Set());
      }),
    );
  });

  test("that lie too far apart are not counted together", () => {
    const tuning = Tuning.parse({ failedSignIns: { count: 10, minutes: 5 } });
    const events = [...failures(5), ...failures(5, 6)];
    const baseline = learn(
      emptyBaseline,
      events.flatMap((event) => observationsOf(event)),
      now,
      180 * 24 * 3600_000,
    );
    for (const event of events) {
      expect(manyFailedSignIns.evaluate(event, { now, tuning, baseline })).toBeNull();
      expect(manyFailedSignIns.evaluate(event, { ...facts, baseline })).not.toBeNull();
    }
  });
});

describe("risk in a sign-in", () => {
  const found = (level: string | null, state: string | null, errorCode = 0) =>
    riskySignIn.evaluate(signInExample({ risk: { level, state }, errorCode }), facts);

  test("is as severe as Entra says", () => {
    expect(found("medium", "none")?.severity).toBe("medium");
    expect(found("high", "atRisk")?.severity).toBe("high");
    expect(found("low", "ATRISK")?.severity).toBe("low");
    expect(found("none", "confirmedCompromised")?.severity).toBe("critical");
  });

  test("may only be told when the sign-in failed, for strangers can fail from anywhere", () => {
    expect(found("high", "atRisk", 7000215)?.ceiling).toBe("notify");
    expect(found("high", "atRisk")?.ceiling).toBeUndefined();
  });
});

test("a policy that blocks again is no news, another one is, and both at once name the new one only", () => {
  const [old, other] = ["5c8f2ad0-8c7e-4e2b-9d5b-6a2f4f6f8a11", "0f9b1c52-3a1d-4d0c-8f86-1f3f2f1a7c22"];
  const baseline = exampleBaseline({ "conditional-access": usualValues(`blocked:${old}`) });
  const blocked = (...blockedBy: string[]) =>
    evaluate(
      blockedByConditionalAccess,
      { errorCode: 53003, conditionalAccess: { blockedBy, wouldBlock: [] } },
      baseline,
    );
  expect(blocked(old)).toBeNull();
  expect(blocked(other)).not.toHaveProperty("ceiling");
  // on the first days everything is new: people are told, and nobody is asked
  const young = { ...baseline, signInsSince: daysBefore(3) };
  const change = { errorCode: 53003, conditionalAccess: { blockedBy: [other], wouldBlock: [] } };
  expect(evaluate(blockedByConditionalAccess, change, young)).toMatchObject({ ceiling: "notify" });
  expect(evaluate(blockedByConditionalAccess, change, { ...young, signInsSince: null })?.ceiling).toBe("notify");
  expect(blocked(other)?.dedupeBy).toBe(`blocked:${other}`);
  expect(blocked(old, other)?.dedupeBy).toBe(`blocked:${other}`);
  expect(blocked()?.details).toMatchObject({ remark: expect.stringContaining("does not name") });
});

describe("a sign-in outside the trusted locations", () => {
  const held = (ranges: readonly string[], ipAddress: string | null, occurredAt = at("09:41:00")) =>
    signInOutsideTrustedLocations.evaluate(signInExample({ ipAddress, occurredAt }), {
      ...facts,
      trusted: { ranges, source: "the policy's line for it" },
    });

  test("says against what it was held", () => {
    expect(held(["192.0.2.0/24"], "198.51.100.7")?.details).toMatchObject({
      remark: "198.51.100.7 is in no range of the policy's line for it",
    });
  });

  test("is found at once where nothing is trusted, and never where a range or the address cannot be read", () => {
    expect(held([], "198.51.100.7")).not.toBeNull();
    expect(held(["192.0.2.0/24", "everywhere"], "198.51.100.7")).toBeNull();
    expect(held(["192.0.2.0/33"], "198.51.100.7")).toBeNull();
    expect(held(["192.0.2.0/24"], "Microsoft")).toBeNull();
  });

  test("is one finding a network and a day", () => {
    const first = held([], "198.51.100.7")?.dedupeBy;
    expect(held([], "198.51.100.8", at("23:00:00"))?.dedupeBy).toBe(first);
    expect(held([], "198.51.101.7")?.dedupeBy).not.toBe(first);
    expect(held([], "198.51.100.7", "2026-03-03T00:00:00.000Z")?.dedupeBy).not.toBe(first);
  });
});
