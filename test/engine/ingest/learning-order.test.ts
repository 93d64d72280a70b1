/** What is learned and found is the same however records come, and wherever a process dies. */
import { describe, expect, it } from "vitest";
import type { Raw } from "../../records/build.ts";
import { added, appId, credentialAdded, startAt, tenantId } from "../../support/harness-cast.ts";
import { day, newWorld, startProcess, type World } from "../../support/harness-world.ts";
import { baselineOf, counted, deliver, found, signedIn, watched } from "../../support/learning.ts";

const minute = 60_000;

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
