/** Every change that our own service principal makes is explained by the ledger, and nothing else is. */
import { describe, expect, it } from "vitest";
import type { ChangedObject } from "../../../shared/domain/changed-object.ts";
import { ownWrites } from "../../../shared/engine/ingest/own-writes.ts";
import { playbooks } from "../../../shared/engine/registry.ts";
import { audit, target } from "../../records/build.ts";
import { sceneOf } from "../../support/every-playbook.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { guid, iso, self, servicePrincipalId, victim } from "../../support/harness-cast.ts";
import { play } from "../../support/harness-crash.ts";
import { policyWith, startProcess, type World } from "../../support/harness-world.ts";
import { echoOf } from "../../support/own-echo.ts";

const minute = 60_000;
const by = (...objects: readonly ChangedObject[]) => new Map([[self.servicePrincipalId, [objects]]]);

async function unexplained(world: World, objects: readonly ChangedObject[]): Promise<readonly string[]> {
  const events = await ownWrites(startProcess(world, "ingest").services, by(...objects));
  return events.map(({ activity, objectIds }) => `${activity} ${objectIds.join()}`);
}

describe.each([...playbooks.keys()])("what %s did", (playbook) => {
  it("is ours, however late the records come, and is not with another activity, object or time", async () => {
    const { world, acts } = await sceneOf(playbook);
    await play(world, acts, null);
    expect(world.tenant.writes.length).toBeGreaterThan(0);
    await world.clock.advance(3 * 24 * 60 * minute);
    for (const write of world.tenant.writes) {
      const echo = echoOf(write, victim);
      expect(await unexplained(world, echo), write.line).toEqual([]);
      const changed = (change: Partial<ChangedObject>) => echo.map((one) => ({ ...one, ...change }));
      expect(await unexplained(world, changed({ activity: "add unknown thing" }))).toHaveLength(1);
      expect(await unexplained(world, changed({ id: guid(4711) }))).toHaveLength(1);
      expect(await unexplained(world, changed({ at: write.at + 20 * 24 * 60 * minute }))).toHaveLength(1);
    }
  });
});

describe("a change under our own id", () => {
  const giving = { type: null, activity: "add service principal credentials", id: servicePrincipalId };

  it("is not explained by a step that takes away, though it names the same object at the same time", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    const at = harness.tenant.writes[0]?.at ?? 0;
    expect(await unexplained(harness.world, [{ ...giving, at }])).toHaveLength(1);
  });

  it("is not explained by a disable of an hour ago, nor by anything between a disable and its undo", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(10 * minute);
    const at = harness.tenant.writes[0]?.at ?? 0;
    const again = (when: number) => [{ ...giving, activity: "update service principal", at: when }];
    const told = async () => [
      await unexplained(harness.world, again(at - 50_000)),
      await unexplained(harness.world, again(at + 2 * minute)),
      await unexplained(harness.world, again(at + 60 * minute)),
    ];
    await harness.clock.advance(3 * 60 * minute);
    expect((await told()).map(({ length }) => length)).toEqual([0, 0, 1]);
    await harness.undo();
    await harness.run(30 * minute);
    const undone = harness.tenant.writes[1]?.at ?? 0;
    expect(undone).toBeGreaterThan(at + 2 * 60 * minute);
    expect((await told()).map(({ length }) => length)).toEqual([0, 0, 1]);
    expect(await unexplained(harness.world, again(undone + 1_000))).toEqual([]);
  });

  it.each([
    ["to ourselves", self.servicePrincipalId, "add service principal credentials"],
    ["to any application", guid(8), "update application – certificates and secrets management"],
    ["that disables somebody else", guid(9), "update service principal"],
  ])("%s is told, also while we contain somebody", async (_, id, activity) => {
    const harness = await Harness.start();
    await leaked(harness);
    const at = harness.tenant.writes[0]?.at ?? 0;
    expect(await unexplained(harness.world, [{ id, activity, type: null, at }])).toHaveLength(1);
  });

  it("is told, though the same activity of ours has the very same time", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    const at = harness.tenant.writes[0]?.at ?? 0;
    const record = (id: string) =>
      audit(
        {
          id: `own-${id}`,
          activityDateTime: iso(at),
          initiatedBy: { app: { servicePrincipalId: self.servicePrincipalId, appId: null }, user: null },
          targetResources: [target("ServicePrincipal", id)],
        },
        "Update service principal",
      );
    await harness.deliver(record(servicePrincipalId), record(guid(9)));
    await harness.run();
    const pages = harness.events("finding.created").filter(({ data }) => data.detection === "unledgered-write");
    expect(pages).toHaveLength(1);
  });

  it("is told so often and no more, however much whoever holds our identity changes", async () => {
    const harness = await Harness.start();
    const record = (n: number) =>
      audit(
        {
          id: `own-${n}`,
          activityDateTime: iso(harness.clock.now()),
          initiatedBy: { app: { servicePrincipalId: self.servicePrincipalId, appId: null }, user: null },
          targetResources: [target("ServicePrincipal", guid(n))],
        },
        "Add service principal credentials",
      );
    await harness.deliver(...Array.from({ length: 200 }, (_, n) => record(1_000 + n)));
    await harness.run();
    const pages = harness.events("finding.created").filter(({ data }) => data.detection === "unledgered-write");
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.length).toBeLessThan(100);
    expect(pages.some(({ message }) => message.includes("no more like it"))).toBe(true);
  });

  it("pages at once, and the same deed once in an hour, however often the records come", async () => {
    const harness = await Harness.start();
    const record = (n: number) =>
      audit(
        {
          id: `own-${n}`,
          activityDateTime: iso(harness.clock.now() + n * minute),
          initiatedBy: { app: { servicePrincipalId: self.servicePrincipalId, appId: null }, user: null },
          targetResources: [target("ServicePrincipal", servicePrincipalId)],
        },
        "Add service principal credentials",
      );
    await harness.deliver(record(1));
    await harness.clock.advance(5 * minute);
    await harness.deliver(record(1), record(2));
    await harness.run();
    const told = harness.events("finding.created").filter(({ data }) => data.detection === "unledgered-write");
    expect(told).toMatchObject([{ urgency: "page", severity: "critical", identity: { appId: self.appId } }]);
  });

  it("is nothing we can judge while we do not know who we are", async () => {
    const harness = await Harness.start();
    harness.tenant.self = null;
    expect(await unexplained(harness.world, [{ ...giving, at: 0 }])).toEqual([]);
  });

  it("to the list of the block policy is ours only when we wrote it then", async () => {
    const policyId = guid(5);
    const harness = await Harness.start(policyWith({ conditionalAccess: { policyId } }));
    harness.tenant.change((directory) =>
      directory.conditionalAccessPolicies.push({
        id: policyId,
        state: "enabled",
        conditions: {
          clientApplications: { includeServicePrincipals: [guid(6)] },
          applications: { includeApplications: ["All"] },
        },
        grantControls: { builtInControls: ["block"] },
      } as never),
    );
    await leaked(harness);
    await harness.run(5 * minute);
    const write = harness.tenant.writes.find(({ line }) => line.includes(policyId));
    if (write === undefined) throw new Error("the list was not written");
    const echo = { id: policyId, type: "Policy", activity: "update conditional access policy", at: write.at };
    expect(await unexplained(harness.world, [echo])).toEqual([]);
    expect(await unexplained(harness.world, [{ ...echo, at: write.at + 60 * minute }])).toHaveLength(1);
    expect(await unexplained(harness.world, [{ ...echo, activity: "delete conditional access policy" }])).toHaveLength(
      1,
    );
  });
});
