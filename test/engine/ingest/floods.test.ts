/** What strangers, a masked log or a hostile sender can make without end: what it costs and what it leaves is bounded. */
import { describe, expect, it } from "vitest";
import { addedSecret, audit, type Raw, target } from "../../records/build.ts";
import { Harness } from "../../support/harness.ts";
import { guid, iso, startAt } from "../../support/harness-cast.ts";
import { day, deliveryOf, hour, newWorld } from "../../support/harness-world.ts";
import { baselineOf, counted, deliver, identity, signedIn } from "../../support/learning.ts";

const minute = 60_000;
const many = 5_000;

describe("failed sign-ins", () => {
  const absent = [null, "", "00000000-0000-0000-0000-000000000000"];

  it.each(absent)(
    "of applications that the tenant does not have (%j) cost no call a record and leave no row",
    async (id) => {
      const world = newWorld();
      const { process, calls } = counted(world);
      const records = Array.from({ length: many }, (_, n) =>
        signedIn(startAt - n, { appId: guid(n), servicePrincipalId: id }, 700016),
      );
      const summary = await deliver(world, process, ...records);
      expect(summary).toMatchObject({ findings: 0, deadLetters: 0 });
      expect(calls).toEqual(["freshness.seen"]);
      expect(world.data.simple.get("baselines")?.size ?? 0).toBe(0);
    },
  );

  it("leave a row that is soon gone, until something succeeds", async () => {
    const world = newWorld();
    const { process } = counted(world);
    const expiry = () => {
      const row = world.data.simple.get("baselines")?.get(identity) as { readonly expiresAt: number };
      return row.expiresAt - world.clock.now();
    };
    await deliver(world, process, signedIn(startAt, {}, 7000215));
    expect(expiry()).toBeLessThanOrEqual(2 * day);
    await deliver(world, process, signedIn(startAt));
    expect(expiry()).toBeGreaterThan(30 * day);
    expect(Object.keys((await baselineOf(world))?.seen.failure ?? {})).toHaveLength(1);
  });

  it("refused because the identity is disabled are looked at once a minute, also when nothing waits for them", async () => {
    const world = newWorld();
    const { process, calls } = counted(world);
    const refused = () => Array.from({ length: 500 }, (_, n) => signedIn(startAt - n, {}, 7000112));
    await deliver(world, process, ...refused());
    expect(calls.filter((name) => name === "identities.load")).toHaveLength(1);
    await world.clock.advance(2 * minute);
    await deliver(world, process, ...refused());
    expect(calls.filter((name) => name === "identities.load")).toHaveLength(2);
  });
});

describe("records that name nobody legibly", () => {
  const masked = (n: number, at: number): Raw =>
    audit({
      id: `masked-${n}`,
      activityDateTime: iso(at),
      targetResources: [target("Application", "9089a539-****", addedSecret)],
      initiatedBy: { user: { id: guid(n) }, app: null },
    });

  it("are told together by kind and hour, and so many of them at most", async () => {
    const harness = await Harness.start();
    for (let from = 0; from < 600; from += 100)
      await harness.process.ingest([
        deliveryOf(
          harness.world,
          Array.from({ length: 100 }, (_, n) => masked(from + n, startAt - (from + n) * 10)),
        ),
      ]);
    await harness.run(hour);
    const told = harness.events("finding.created");
    expect(told.length).toBeGreaterThan(10);
    expect(told.length).toBeLessThan(120);
    expect(new Set(told.map(({ incidentId }) => incidentId)).size).toBeLessThan(3);
    expect(told.some(({ message }) => message.includes("no more like it are told"))).toBe(true);
  });
});
