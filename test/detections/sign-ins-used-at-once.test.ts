import { describe, expect, test } from "vitest";
import { credentialUsedAtOnce } from "../../shared/detections/index.ts";
import {
  auditExample,
  credentialExample,
  exampleKey,
  exampleSubject,
} from "../../shared/detections/support/examples.ts";
import {
  daysBefore,
  exampleBaseline,
  minutesBefore,
  signInExample,
} from "../../shared/detections/support/sign-in-examples.ts";
import type { Baseline } from "../../shared/domain/baseline.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { learn } from "../../shared/domain/learn.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";
import { observationsOf } from "../../shared/engine/ingest/observations.ts";

const now = minutesBefore(-30);
const forgetMs = 180 * 24 * 3600_000;
const iso = (ms: number) => new Date(ms).toISOString();
const newKey = "77777777-0000-4000-8000-000000000001";

/** An identity that signed in each day from the same place, as its baseline shows it up to an hour ago. */
function watched(days: readonly number[]): Baseline {
  const signIns = days.map((ago) => signInExample({ occurredAt: iso(daysBefore(ago)), recordId: `day ${ago}` }));
  return learn(
    exampleBaseline({}),
    signIns.flatMap((event) => observationsOf(event)),
    now,
    forgetMs,
  );
}
const busy = watched([39, 20, 10, 5, 2, 1]);

/** What comes of the events, in this order. */
function found(events: readonly IdentityEvent[], held: Baseline = busy) {
  let baseline = held;
  return events.flatMap((event) => {
    baseline = learn(baseline, observationsOf(event), now, forgetMs);
    return credentialUsedAtOnce.evaluate(event as never, { now, tuning: defaultTuning, baseline }) ?? [];
  });
}

const add = (keyId = newKey, minutesAgo = 10) =>
  credentialExample({
    occurredAt: iso(minutesBefore(minutesAgo)),
    added: [exampleKey({ keyId })],
    recordId: `add ${keyId}`,
  });
const use = (change: Parameters<typeof signInExample>[0] = {}) =>
  signInExample({ credentialKeyId: newKey, occurredAt: iso(minutesBefore(5)), ...change });

describe("a new credential that is used at once", () => {
  test("is the same finding, with the same words, whichever record comes first", () => {
    const [signInLast, auditLast] = [found([add(), use()]), found([use(), add()])];
    expect(signInLast).toEqual(auditLast);
    expect(signInLast).toMatchObject([
      {
        dedupeBy: newKey,
        severity: "medium",
        details: { keyId: newKey, addedAt: iso(minutesBefore(10)), usedAt: iso(minutesBefore(5)) },
      },
    ]);
  });

  test("is found again, as the same, by redelivered records and by later sign-ins of that hour, never by those after it", () => {
    const again = found([add(), use(), use(), add(), use({ occurredAt: iso(minutesBefore(1)), recordId: "later" })]);
    expect(new Set(again.map((match) => match.dedupeBy))).toEqual(new Set([newKey]));
    expect(
      found([add(newKey, 300), use({ occurredAt: iso(minutesBefore(298)) }), use({ recordId: "hours later" })]),
    ).toHaveLength(1);
  });

  test("is not one that was used later, or before it was added, or by a sign-in that failed", () => {
    expect(found([add(newKey, 45), use()])).toEqual([]);
    expect(found([use({ occurredAt: iso(minutesBefore(30)) }), add(newKey, 10)])).toEqual([]);
    expect(found([add(), use({ errorCode: 7000215 })])).toEqual([]);
    expect(found([add(), use({ credentialKeyId: null })])).toEqual([]);
  });

  test("may seem used a moment before it was added, since two clocks differ", () => {
    expect(found([use({ occurredAt: iso(minutesBefore(10) - 20_000) }), add()])).toHaveLength(1);
  });
});

describe("it is severe, in either order,", () => {
  const both = (held: Baseline, change: Parameters<typeof signInExample>[0] = {}) => {
    const severities = [found([add(), use(change)], held), found([use(change), add()], held)].map(
      (matches) => matches[0]?.severity,
    );
    expect(severities[0]).toBe(severities[1]);
    return severities[0];
  };

  test("when it was used from a new network or country", () => {
    expect(both(busy)).toBe("medium");
    expect(both(busy, { ipAddress: "198.51.100.7", asn: 64500 })).toBe("high");
    expect(both(busy, { ipAddress: "198.51.100.7" })).toBe("medium");
    expect(both(busy, { country: "BR" })).toBe("high");
  });

  test("when the identity had been silent for thirty days", () => {
    expect(both(watched([39, 31]))).toBe("high");
    expect(both(watched([39, 29]))).toBe("medium");
  });

  test("never when the identity is hardly known", () => {
    const young = { ...watched([3, 2]), signInsSince: daysBefore(3) };
    expect(both(young, { country: "BR", ipAddress: "198.51.100.7", asn: 64500 })).toBe("medium");
    expect(both({ signInsSince: null, changesSince: null, seen: {}, forgotten: {} })).toBe("medium");
  });
});

describe("a federated credential", () => {
  const tuple = { issuer: "https://idp.example", subject: "worker", expression: null, audiences: ["a"] };
  const trust = (minutesAgo = 10, change: Partial<ReturnType<typeof addTuple>> = {}) => ({
    ...addTuple(minutesAgo),
    ...change,
  });
  const addTuple = (minutesAgo: number) =>
    auditExample(
      "federated-credentials-changed",
      { object: "application", objectId: exampleSubject.servicePrincipalId, added: [tuple], removed: [], before: 0 },
      { occurredAt: iso(minutesBefore(minutesAgo)) },
    );
  const federated = { credentialKeyId: null, credentialType: "federatedIdentityCredential" };

  test("is found by the identity's first federated sign-in soon after, in either order", () => {
    const [one, other] = [found([trust(), use(federated)]), found([use(federated), trust()])];
    expect(one).toHaveLength(1);
    expect(one).toEqual(other);
    expect(one[0]?.details).toMatchObject({
      keyId: expect.stringMatching(/^federated:/),
      addedAt: iso(minutesBefore(10)),
    });
  });

  test("is no news for an identity that signed in so before", () => {
    const earlier = use({ ...federated, occurredAt: iso(daysBefore(3)), recordId: "earlier" });
    expect(found([earlier, trust(), use(federated)])).toEqual([]);
    expect(found([trust(45), use(federated)])).toEqual([]);
    expect(found([trust(10, { added: [], removed: [tuple] })])).toEqual([]);
  });
});
