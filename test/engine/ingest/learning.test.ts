/** What ingest learns of sign-ins and changes, and what that costs. */
import { describe, expect, it } from "vitest";
import type { Raw } from "../../records/build.ts";
import { added, appId, credentialAdded, iso, startAt } from "../../support/harness-cast.ts";
import { day, newWorld } from "../../support/harness-world.ts";
import { baselineOf, counted, deliver, found, identity, signedIn, watched } from "../../support/learning.ts";

const minute = 60_000;

describe("an ordinary sign-in", () => {
  it("costs no storage at all, and is not even read", async () => {
    const world = newWorld();
    const { process, calls } = counted(world);
    await watched(world, process);
    calls.length = 0;
    const many = Array.from({ length: 500 }, (_, i) => signedIn(startAt - i * 1000));
    const { events, ignored } = await deliver(world, process, ...many);
    expect(calls).toEqual(["freshness.seen"]);
    expect([events, ignored.get("sign-in-known")]).toEqual([0, 500]);
  });

  it("of an identity seen for the first time costs one read and one write, however many there are", async () => {
    const world = newWorld();
    const { process, calls } = counted(world);
    await deliver(world, process, ...Array.from({ length: 50 }, (_, i) => signedIn(startAt - i)));
    expect(calls.filter((name) => name === "baselines.get")).toHaveLength(1);
    expect(calls.filter((name) => name === "baselines.put").length).toBeGreaterThan(0);
    calls.length = 0;
    await deliver(world, process, ...Array.from({ length: 50 }, (_, i) => signedIn(startAt + i)));
    expect(calls).toEqual(["freshness.seen"]);
  });

  const others: readonly (readonly [string, Raw])[] = [
    ["address", { ipAddress: "198.51.100.7" }],
    ["system", { autonomousSystemNumber: 64497 }],
    ["country", { location: { countryOrRegion: "NL" } }],
    ["resource", { resourceId: "00000003-0000-0000-c000-000000000000" }],
    ["credential", { servicePrincipalCredentialKeyId: added }],
    ["credential type", { clientCredentialType: "federatedIdentityCredential" }],
    ["risk", { riskState: "atRisk" }],
    ["policy", { appliedConditionalAccessPolicies: [{ id: "p", result: "reportOnlyFailure" }] }],
    ["identity", { appId: "11111111-0000-4000-8000-000000000009" }],
    ["day", { createdDateTime: iso(startAt + day) }],
    ["way to write the time", { createdDateTime: "3/2/2026 9:41:00 AM" }],
    ["shape", { ipAddress: { toString: null } }],
  ];

  it.each(others)("is read when it is of another %s", async (_, change) => {
    const world = newWorld();
    const { process } = counted(world);
    await watched(world, process);
    expect((await deliver(world, process, signedIn(startAt))).events).toBe(0);
    expect((await deliver(world, process, signedIn(startAt, change))).events).toBe(1);
    expect((await deliver(world, process, signedIn(startAt, {}, 7000222))).events).toBe(1);
  });

  it("is looked at while a credential is new, for that may be what it used", async () => {
    const world = newWorld();
    const { process } = counted(world);
    const addition = credentialAdded().record;
    Object.assign(addition.properties as Raw, { additionalDetails: [{ key: "AppId", value: appId }] });
    await deliver(world, process, addition);
    await watched(world, process);
    expect((await deliver(world, process, signedIn(startAt))).events).toBe(1);
  });

  it("opens no incident", async () => {
    const world = newWorld();
    await watched(world, counted(world).process);
    expect(await found(world)).toEqual([]);
  });
});

describe("what is learned", () => {
  it("of failures is bounded, and so is what they cost, for strangers can make them without end", async () => {
    const world = newWorld();
    const { process, calls } = counted(world);
    const failures = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        signedIn(startAt - i * 1000, { ipAddress: `198.51.100.${i % 250}` }, 7000215),
      );
    await deliver(world, process, ...failures(30));
    expect(await found(world)).toEqual(["many-failed-sign-ins"]);
    calls.length = 0;
    await deliver(world, process, ...failures(300));
    expect(calls).toEqual(["freshness.seen"]);
    const baseline = await baselineOf(world);
    expect(baseline?.seen.network).toBeUndefined();
    expect(Object.keys(baseline?.seen.failure ?? {})).toHaveLength(10);
  });

  it("by two processes at once comes together", async () => {
    const world = newWorld();
    const [a, b] = [counted(world, "a").process, counted(world, "b").process];
    await Promise.all([a, b].map((one) => deliver(world, one, signedIn(startAt - 20 * day))));
    await deliver(world, a, signedIn(startAt - 2 * minute, { location: { countryOrRegion: "NL" } }));
    await deliver(world, b, signedIn(startAt - minute, { location: { countryOrRegion: "DE" } }));
    await deliver(world, a, signedIn(startAt, { location: { countryOrRegion: "FR" } }));
    expect(Object.keys((await baselineOf(world))?.seen.country ?? {}).sort()).toEqual(["DE", "FR", "IE", "NL"]);
  });

  it("stands in nobody's way when its row cannot be read", async () => {
    const world = newWorld();
    const stored = { baseline: 1, etag: "x", expiresAt: startAt };
    world.data.simple.set("baselines", new Map([[identity, stored]]));
    const { process } = counted(world);
    process.services.stores.baselines.get = async () => {
      const { TerminalError } = await import("../../../shared/domain/errors.ts");
      throw new TerminalError("damaged", { code: "row-unreadable" });
    };
    const summary = await deliver(
      world,
      process,
      signedIn(startAt, { riskState: "atRisk", riskLevelAggregated: "high" }),
    );
    expect(summary).toMatchObject({ findings: 1, deadLetters: 0 });
    expect(world.log.join()).toContain("row-unreadable");
  });
});
