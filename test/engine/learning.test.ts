/** What ingest learns of sign-ins and changes, what that costs, and that it is the same however records come. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../shared/domain/identity.ts";
import { loadPartition, readAll } from "../../shared/engine/partition.ts";
import { FindingRow } from "../../shared/engine/rows.ts";
import { type Raw, signIn } from "../records/build.ts";
import { added, appId, credentialAdded, iso, keyA, startAt, tenantId } from "../support/harness-cast.ts";
import { day, deliveryOf, newWorld, type Process, startProcess, type World } from "../support/harness-world.ts";

const minute = 60_000;
const key = identityKey(tenantId, appId);
let ids = 0;

function signedIn(at: number, properties: Raw = {}, errorCode = 0): Raw {
  ids += 1;
  const full = {
    id: `sign-in-${ids}`,
    createdDateTime: iso(at),
    ipAddress: "203.0.113.7",
    autonomousSystemNumber: 64496,
    location: { countryOrRegion: "IE" },
    resourceId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    servicePrincipalCredentialKeyId: keyA,
    clientCredentialType: "clientSecret",
    status: { errorCode },
    ...properties,
  };
  return signIn(full, { resultType: String(errorCode) });
}

interface Counted {
  readonly process: Process;
  readonly calls: string[];
}

function counted(world: World, instance = "one"): Counted {
  const calls: string[] = [];
  const process = startProcess(world, instance, { beforeCall: (name) => void calls.push(name) });
  return { process, calls };
}

const deliver = (world: World, { ingest }: Process, ...records: readonly Raw[]) => ingest([deliveryOf(world, records)]);

/** Watched for 20 days, and once more today. */
async function watched(world: World, process: Process): Promise<void> {
  for (const ago of [20, 10, 1, 0]) await deliver(world, process, signedIn(startAt - ago * day));
}

const baselineOf = async (world: World) => (await startProcess(world).services.stores.baselines.get(key))?.baseline;

async function found(world: World, of = key): Promise<readonly string[]> {
  const partition = await loadPartition(startProcess(world).services.stores.identities, of);
  return readAll(partition, "finding|", FindingRow)
    .map(({ value }) => value.finding.detection)
    .sort();
}

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
    world.data.simple.set("baselines", new Map([[key, stored]]));
    const { process } = counted(world);
    process.services.stores.baselines.get = async () => {
      const { TerminalError } = await import("../../shared/domain/errors.ts");
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

describe("a credential that is used at once", () => {
  const addition = (atMs = startAt - 2 * minute): Raw => {
    const { record } = credentialAdded({ at: atMs });
    Object.assign(record.properties as Raw, { additionalDetails: [{ key: "AppId", value: appId }] });
    return record;
  };
  const use = () => signedIn(startAt - minute, { servicePrincipalCredentialKeyId: added });

  it.each([
    ["added first", (): Raw[] => [addition(), use()]],
    ["used first", (): Raw[] => [use(), addition()]],
  ])("is found by two processes that remember what was before, its record of being %s", async (_, records) => {
    const world = newWorld();
    const [a, b] = [counted(world, "a").process, counted(world, "b").process];
    for (const one of [a, b]) await watched(world, one);
    const [first = {}, second = {}] = records();
    await deliver(world, a, first);
    await deliver(world, b, second);
    expect(await found(world)).toContain("credential-used-at-once");
    const before = await found(world);
    await deliver(world, a, second, first, second);
    expect(await found(world)).toEqual(before);
  });
});

describe("a process that dies while it ingests", () => {
  const addition = (id: string, objectId: string | null): Raw => {
    const { record } = credentialAdded({ id, at: startAt - 2 * minute, ...(objectId === null ? {} : { objectId }) });
    if (objectId === null)
      Object.assign(record.properties as Raw, { additionalDetails: [{ key: "AppId", value: appId }] });
    return record;
  };

  it("leaves nothing that another would judge otherwise: the same findings, the same baseline", async () => {
    const batch = [
      signedIn(startAt - 20 * day),
      signedIn(startAt - minute, { servicePrincipalCredentialKeyId: added, location: { countryOrRegion: "NL" } }),
      signedIn(startAt, { ipAddress: "198.51.100.7", autonomousSystemNumber: 64497 }),
      addition("known", null),
      addition("unknown", "22222222-0000-4000-8000-000000000009"),
    ];
    const outcome = async (world: World) => ({
      findings: await found(world),
      unresolved: await found(world, `${tenantId}|object:22222222-0000-4000-8000-000000000009`),
      baseline: await baselineOf(world),
    });
    const clean = newWorld();
    const { process, calls } = counted(clean);
    await deliver(clean, process, ...batch);
    const expected = await outcome(clean);
    expect(expected.findings).toEqual(
      expect.arrayContaining([
        "credential-added-to-application",
        "credential-used-at-once",
        "sign-in-from-new-country",
      ]),
    );
    for (let at = 0; at < calls.length; at += 1) {
      for (const when of ["beforeCall", "afterCall"] as const) {
        const world = newWorld();
        await dieAt(world, at, when, batch);
        await deliver(world, startProcess(world, "two"), ...batch);
        expect(await outcome(world), `${when} ${calls[at]} (call ${at})`).toEqual(expected);
      }
    }
  });

  /** Whatever it was about to do at that call, and after it, it does not. */
  async function dieAt(
    world: World,
    at: number,
    when: "beforeCall" | "afterCall",
    batch: readonly Raw[],
  ): Promise<void> {
    const death = Promise.withResolvers<void>();
    let call = -1;
    const stop = (): Promise<void> => {
      death.resolve();
      return new Promise(() => undefined);
    };
    const hooks = {
      beforeCall: () => {
        call += 1;
        return call > at || (call === at && when === "beforeCall") ? stop() : undefined;
      },
      afterCall: () => (call >= at ? stop() : undefined),
    };
    await Promise.race([deliver(world, startProcess(world, "one", hooks), ...batch), death.promise]);
  }
});
