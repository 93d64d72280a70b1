import { describe, expect, test } from "vitest";
import type { IdentityRef } from "../../../shared/domain/identity.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import { copyNamedLocations } from "../../../shared/engine/ingest/copy-named-locations.ts";
import { createTrustedLocations, trustedLocationsOf } from "../../../shared/engine/ingest/trusted-locations.ts";
import type { Services } from "../../../shared/ports/services.ts";
import type { ApiAnswer, ApiRequest } from "../../../shared/ports/tenant.ts";
import { guid, victim as ids, tenantId } from "../../support/harness-cast.ts";
import { day, hour, newWorld, policyWith, startProcess, type World } from "../../support/harness-world.ts";

const { appId, servicePrincipalId, applicationId } = ids;
const victim = {
  tenantId,
  appId,
  servicePrincipalId,
  applicationObjectId: applicationId,
};
type Trusted = NonNullable<Policy["trustedLocations"]>;
const office = "192.0.2.0/24";

function trusting(change: Partial<Trusted>): Policy {
  return policyWith({ trustedLocations: { identities: {}, namedLocations: false, ...change } });
}

describe("from where an identity may sign in", () => {
  const now = Date.parse("2026-03-09T09:00:00Z");
  const named = { readAt: now - hour, ranges: ["198.51.100.0/24"] };
  const tier0 = { ...policyWith().protected, tier0: [victim.servicePrincipalId] };
  const chosen = (policy: Policy, whom: Partial<IdentityRef> = {}, locations: typeof named | null = named) =>
    trustedLocationsOf(policy, { ...victim, ...whom }, locations, now);

  test("is its own line, by any of its ids, before tier 0, before the tenant's named locations", () => {
    const all = { identities: { [victim.appId]: [office] }, tier0: ["10.0.0.0/8"], namedLocations: true };
    expect(chosen({ ...trusting(all), protected: tier0 })?.ranges).toEqual([office]);
    const byObject = { ...all, identities: { [victim.servicePrincipalId]: [office] } };
    expect(chosen(trusting(byObject))?.ranges).toEqual([office]);
    expect(chosen(trusting(byObject), { servicePrincipalId: guid(1) })?.ranges).toEqual(named.ranges);
    const none = { ...all, identities: {} };
    expect(chosen({ ...trusting(none), protected: tier0 })?.ranges).toEqual(["10.0.0.0/8"]);
    expect(chosen(trusting(none))).toEqual({
      ranges: named.ranges,
      source: "the tenant's trusted named locations as read at 2026-03-09 08:00 UTC",
    });
  });

  test("is nowhere at all when its own line is empty, and unknown when nobody said anything", () => {
    expect(chosen(trusting({ identities: { [victim.appId]: [] } }))?.ranges).toEqual([]);
    expect(chosen(policyWith())).toBeNull();
    expect(chosen(trusting({}))).toBeNull();
  });

  test("is unknown while named locations were not read, are older than a week, or trust nothing", () => {
    const policy = trusting({ namedLocations: true });
    expect(chosen(policy, {}, null)).toBeNull();
    expect(chosen(policy, {}, { ...named, readAt: now - 7 * day - 1 })).toBeNull();
    expect(chosen(policy, {}, { ...named, ranges: [] })).toBeNull();
  });
});

/** One process whose Graph answers with these pages, each time. */
function copying(world: World, pages: readonly (readonly unknown[] | Partial<ApiAnswer>)[]) {
  const asked: ApiRequest[] = [];
  const { services } = startProcess(world);
  const tenant = {
    ...services.tenant,
    async *pages(request: ApiRequest): AsyncIterable<ApiAnswer> {
      asked.push(request);
      for (const page of pages) {
        if (Array.isArray(page)) yield { ok: true, status: 200, body: { value: page }, requestId: null };
        else yield { ok: false, status: 403, code: "Forbidden", message: "", retryable: false, ...page } as ApiAnswer;
      }
    },
  };
  return { services: { ...services, tenant } satisfies Services, asked };
}

const ip = (ranges: readonly string[], change = {}) => ({
  "@odata.type": "#microsoft.graph.ipNamedLocation",
  id: guid(1),
  isTrusted: true,
  ipRanges: ranges.map((cidrAddress) => ({ "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress })),
  ...change,
});
const country = { "@odata.type": "#microsoft.graph.countryNamedLocation", id: guid(2), countriesAndRegions: ["NL"] };
const asking = trusting({ namedLocations: true });

describe("copying the named locations", () => {
  test("keeps the ranges of trusted IP locations of every page, and nothing of the others", async () => {
    const world = newWorld(asking);
    const six = ip(["2001:0:9d38:90d6:0:0:0:0/63"]);
    const { services, asked } = copying(world, [
      [ip([office]), country],
      [six, ip(["10.0.0.0/8"], { isTrusted: false })],
    ]);
    expect(await copyNamedLocations(services)).toBe(true);
    const kept = await services.stores.namedLocations.get(world.policy.tenantId);
    expect(kept).toEqual({ readAt: world.clock.now(), ranges: [office, "2001:0:9d38:90d6:0:0:0:0/63"] });
    expect(asked).toMatchObject([{ method: "GET", lane: "identity-protection" }]);
    expect(world.told).toEqual([]);
  });

  test("asks Graph nothing while the policy does not ask for it, or another instance is at it", async () => {
    const { services, asked } = copying(newWorld(), [[ip([office])]]);
    expect(await copyNamedLocations(services)).toBe(false);
    const busy = copying(newWorld(asking), [[ip([office])]]);
    await busy.services.stores.leases.acquire("copy-named-locations", "another", 0, Number.MAX_SAFE_INTEGER);
    expect(await copyNamedLocations(busy.services)).toBe(false);
    expect([...asked, ...busy.asked]).toEqual([]);
  });

  test.each<[string, readonly (readonly unknown[] | Partial<ApiAnswer>)[]]>([
    ["the second page is refused", [[ip([office])], { status: 429, code: "TooManyRequests" }]],
    ["a range cannot be read", [[ip([office, "everywhere"])]]],
    ["a trusted location does not say its kind", [[ip([office], { "@odata.type": undefined })]]],
    ["one is no object", [[ip([office]), null]]],
  ])("keeps the old reading whole when %s, and tells nobody while that is young", async (_, pages) => {
    const world = newWorld(asking);
    const old = { readAt: world.clock.now() - 6 * day, ranges: ["10.0.0.0/8"] };
    const { services } = copying(world, pages);
    await services.stores.namedLocations.put(world.policy.tenantId, old);
    await copyNamedLocations(services);
    expect(await services.stores.namedLocations.get(world.policy.tenantId)).toEqual(old);
    expect(world.told).toEqual([]);
  });

  test("tells people once a day that nothing is held against them, as long as that is so", async () => {
    const world = newWorld(asking);
    const { services } = copying(world, [{ status: 403 }]);
    const twice = async () => {
      await copyNamedLocations(services);
      await copyNamedLocations(services);
      return world.told.map(({ event }) => event).filter((event) => event === "named-locations.unknown").length;
    };
    expect(await twice()).toBe(1);
    expect(world.told[0]?.message).toContain("were never read: Graph answers 403 Forbidden; Policy.Read.All is needed");
    await world.clock.advance(day);
    expect(await twice()).toBe(2);
    const mended = copying(world, [[ip([office])]]);
    await world.clock.advance(day);
    await copyNamedLocations(mended.services);
    expect(world.told).toHaveLength(2);
  });

  test("tells people when the tenant trusts no IP range", async () => {
    const world = newWorld(asking);
    const { services } = copying(world, [[country]]);
    await copyNamedLocations(services);
    expect(world.told[0]?.message).toContain("hold no trusted IP range");
  });
});

test("a sign-in costs no reading of the row but once in a few minutes, and none without the policy's asking", async () => {
  const world = newWorld(asking);
  const { services } = startProcess(world);
  let reads = 0;
  const stores = {
    ...services.stores,
    namedLocations: {
      ...services.stores.namedLocations,
      get: async () => {
        reads++;
        return { readAt: world.clock.now(), ranges: [office] };
      },
    },
  };
  const find = createTrustedLocations({ ...services, stores });
  await Promise.all([find(victim), find(victim), find(victim)]);
  expect(reads).toBe(1);
  await world.clock.advance(6 * 60_000);
  expect((await find(victim))?.ranges).toEqual([office]);
  expect(reads).toBe(2);
  await createTrustedLocations({ ...services, stores, policy: policyWith() })(victim);
  expect(reads).toBe(2);
});

test("a reading that failed is not remembered", async () => {
  const world = newWorld(asking);
  const { services } = startProcess(world);
  await services.stores.namedLocations.put(world.policy.tenantId, { readAt: world.clock.now(), ranges: [office] });
  let fails = true;
  const get: Services["stores"]["namedLocations"]["get"] = (tenantId) =>
    fails ? Promise.reject(new Error("Storage is unreachable.")) : services.stores.namedLocations.get(tenantId);
  const find = createTrustedLocations({
    ...services,
    stores: { ...services.stores, namedLocations: { ...services.stores.namedLocations, get } },
  });
  await expect(find(victim)).rejects.toThrow("unreachable");
  fails = false;
  expect((await find(victim))?.ranges).toEqual([office]);
});
