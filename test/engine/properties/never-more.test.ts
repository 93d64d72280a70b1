/** Whatever arrives: observe mode writes nothing, and protecting more never writes more. */
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Policy } from "../../../shared/domain/policy.ts";
import { keys } from "../../records/build.ts";
import { Harness } from "../../support/harness.ts";
import {
  added,
  addIdentity,
  another,
  credentialAdded,
  guid,
  keyA,
  leak,
  riskyRecord,
  self,
  startAt,
  victim,
} from "../../support/harness-cast.ts";
import { hour, policyWith, readDependencies } from "../../support/harness-world.ts";

// many small worlds: a busy machine needs its time
vi.setConfig({ testTimeout: 120_000 });

const graph = { ...another(3), appId: "00000003-0000-0000-c000-000000000000" };
const ourselves = { ...another(4), appId: self.appId, servicePrincipalId: self.servicePrincipalId };
const there = [victim, another(1), another(2), graph, ourselves];
const cast = [...there, another(8), { ...victim, servicePrincipalId: another(1).servicePrincipalId }];

interface Arrival {
  readonly record: unknown;
  /** Graph's own copies, of what is true */
  readonly risk?: Record<string, unknown>;
  readonly audit?: ReturnType<typeof credentialAdded>["copy"];
}

/** Mostly what would be acted upon: a claim about nobody proves little. */
const mostly = <T>(likely: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: likely }, { weight: 1, arbitrary: other });

const who = mostly(fc.constantFrom(...there), fc.constantFrom(...cast));
const at = mostly(fc.integer({ min: -hour / 2, max: 0 }), fc.integer({ min: -40 * hour, max: hour })).map(
  (ms) => startAt + ms,
);
const leakWords = { riskEventType: "leakedCredentials", riskLevel: "high", riskState: "atRisk", keyIds: [keyA] };
const otherWords = fc.record({
  riskEventType: fc.constantFrom(
    "leakedCredentials",
    "maliciousApplication",
    "adminConfirmedServicePrincipalCompromised",
    "x",
  ),
  riskLevel: fc.constantFrom("high", "medium", "low", "hidden", "none"),
  riskState: fc.constantFrom("atRisk", "confirmedCompromised", "dismissed"),
  keyIds: fc.subarray([keyA, added]),
});
const words = mostly(fc.constant(leakWords), otherWords);
const isTrue = mostly(fc.constant(true), fc.constant(false));

const detection = fc.tuple(fc.nat(50), who, at, words, isTrue).map(([n, ids, when, properties, holds]): Arrival => {
  const { record, copy } = leak({ id: `detection-${n}`, ...ids, at: when, properties });
  return holds ? { record, risk: copy } : { record };
});
const summary = fc.tuple(who, at).map(([ids, when]): Arrival => ({ record: riskyRecord({ ...ids, at: when }) }));
const addition = fc
  .tuple(fc.nat(50), who, at, isTrue, fc.constantFrom(added, guid(5)))
  .map(([n, ids, when, holds, keyId]): Arrival => {
    const before = keys([guid(1)], [guid(2)]);
    const after = keys([guid(1)], [guid(2)], [keyId]);
    const { record, copy } = credentialAdded({
      id: `audit-${n}`,
      objectId: ids.applicationId,
      at: when,
      before,
      after,
    });
    return holds ? { record, audit: copy } : { record };
  });
const nonsense = fc.jsonValue().map((record): Arrival => ({ record }));
const attack = fc.array(fc.oneof(detection, summary, addition, nonsense), { minLength: 2, maxLength: 8 });

async function outcomeOf(arrivals: readonly Arrival[], policy: Policy): Promise<Harness> {
  const harness = await Harness.start(policy);
  await readDependencies(
    harness.world,
    there.map(({ appId }) => appId),
  );
  harness.tenant.change((directory) => {
    for (const ids of there.slice(1)) addIdentity(directory, ids);
    directory.riskDetections.push(...arrivals.flatMap(({ risk }) => (risk === undefined ? [] : [risk])));
    directory.audits.push(...arrivals.flatMap(({ audit }) => (audit === undefined ? [] : [audit])));
  });
  await harness.deliver(...arrivals.map(({ record }) => record));
  await harness.run(2 * hour);
  return harness;
}

/** All that the policy can permit, so that only the guardrails stand in the way. */
const permissive: Partial<Policy> = {
  stages: { contain: "enforce", eradicate: "enforce", retire: "observe" },
  detections: Object.fromEntries(
    ["service-principal-risk-detected", "risky-service-principal", "credential-added-to-application"].map((id) => [
      id,
      { max: "enforce", require: [] },
    ]),
  ),
};

describe("observe mode", () => {
  it("writes nothing, whatever arrives", async () => {
    await fc.assert(
      fc.asyncProperty(attack, async (arrivals) => {
        const { tenant } = await outcomeOf(arrivals, policyWith({ ...permissive, mode: "observe" }));
        expect(tenant.writes).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe("enforce mode", () => {
  it("never writes to ourselves or to Microsoft's own, whatever arrives", async () => {
    await fc.assert(
      fc.asyncProperty(attack, async (arrivals) => {
        const harness = await outcomeOf(arrivals, policyWith(permissive));
        const untouchable = [graph, ourselves].flatMap((ids) => [ids.servicePrincipalId, ids.applicationId]);
        expect(harness.lines().filter((line) => untouchable.some((id) => line.includes(id)))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it("never writes more when one more id is protected", async () => {
    const lists = fc.constantFrom("never" as const, "ask" as const);
    const ids = fc.constantFrom(
      ...there.flatMap(({ appId, servicePrincipalId, applicationId }) => [appId, servicePrincipalId, applicationId]),
    );
    await fc.assert(
      fc.asyncProperty(attack, lists, ids, async (arrivals, list, id) => {
        const free = await outcomeOf(arrivals, policyWith(permissive));
        const careful = { ...policyWith().protected, [list]: [id] };
        const held = await outcomeOf(arrivals, policyWith({ ...permissive, protected: careful }));
        expect(held.lines().filter((line) => !free.lines().includes(line))).toEqual([]);
        expect(held.lines().length).toBeLessThanOrEqual(free.lines().length);
      }),
      { numRuns: 25 },
    );
  });
});
