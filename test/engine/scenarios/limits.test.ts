/** What keeps a tenant alive: the blast radius, what is not visible yet, and records that name what must not be touched. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { tellGroupWaits } from "../../../shared/engine/judge/group-waits.ts";
import type { FakeTenant } from "../../support/fake-tenant.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { addIdentity, another, credentialAdded, guid, leak, tenantId } from "../../support/harness-cast.ts";
import { hour, policyWith, readDependencies, startProcess } from "../../support/harness-world.ts";

const minute = 60_000;
const _stranger = "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11";

async function leakOf(harness: Harness, n: number): Promise<void> {
  const ids = another(n);
  const { record, copy } = leak({ id: `detection-${n}`, ...ids });
  harness.tenant.change((directory) => {
    addIdentity(directory, ids);
    directory.riskDetections.push(copy);
  });
  await harness.deliver(record);
}

function disabled(tenant: FakeTenant): number {
  return tenant.directory.servicePrincipals.filter((one) => one.accountEnabled === false).length;
}

describe("the blast radius", () => {
  it("lets so many through in an hour, and the next waits for a person", async () => {
    const harness = await Harness.start();
    await readDependencies(
      harness.world,
      [1, 2, 3, 4, 5, 6].map((n) => another(n).appId),
    );
    for (const n of [1, 2, 3, 4, 5, 6]) await leakOf(harness, n);
    await harness.run();
    const { perHour, reservedForTier0 } = harness.world.policy.blastRadius;
    expect(disabled(harness.tenant)).toBe(perHour - reservedForTier0);
    const waiting = (await harness.runs()).filter(({ stages }) => stages[0]?.status === "waiting");
    expect(waiting).toHaveLength(3);
    expect(waiting[0]?.stages[0]?.reasons.join()).toContain("blast-radius");
    expect(harness.events("group.waiting")).toMatchObject([{ urgency: "page" }]);
  });

  it("pages at once, not behind the burst that used it up", async () => {
    const harness = await Harness.start();
    await tellGroupWaits(startProcess(harness.world).services);
    expect(harness.events("group.waiting")).toMatchObject([{ urgency: "page" }]);
  });

  it("counts a plan once however often its message comes", async () => {
    const harness = await Harness.start(policyWith({ blastRadius: { ...policyWith().blastRadius, perHour: 1 } }));
    harness.tenant.faults.push({ method: "PATCH", path: "/servicePrincipals", times: 1, answer: { status: 429 } });
    await leaked(harness);
    const { planId, identity } = await harness.plan();
    for (let i = 0; i < 3; i++) {
      harness.world.hub.push({ kind: "stage", identity, planId, stage: "contain", verifies: false });
      await harness.run(10_000);
    }
    expect(disabled(harness.tenant)).toBe(1);
  });
});

describe("what is not visible yet", () => {
  it("is looked at again at 30 s, 2, 5, 15 and 30 minutes, and then blocked", async () => {
    const harness = await Harness.start();
    const ids = another(1);
    await harness.deliver(leak(ids).record);
    await harness.run(20_000);
    const key = identityKey(tenantId, ids.appId);
    expect((await harness.plan(undefined, key)).stages[0]).toMatchObject({ status: "deferred", deferrals: 1 });
    await harness.run(52 * minute);
    expect((await harness.plan(undefined, key)).stages.map(({ status }) => status)).toEqual(["deferred", "pending"]);
    await harness.run(minute);
    expect((await harness.plan(undefined, key)).stages.map(({ status }) => status)).toEqual(["blocked", "cancelled"]);
    await harness.run(80 * hour);
    expect(harness.events("incident.closed")).toHaveLength(1);
  });

  it("is contained as soon as it is visible", async () => {
    const harness = await Harness.start();
    await readDependencies(harness.world, [another(1).appId]);
    await harness.deliver(leak({ id: "detection-1", ...another(1) }).record);
    await harness.run(minute);
    await leakOf(harness, 1);
    await harness.run(2 * minute);
    expect(disabled(harness.tenant)).toBe(1);
  });

  it("blocked before it was visible, it is contained when the risk is seen again", async () => {
    const harness = await Harness.start();
    await readDependencies(harness.world, [another(1).appId]);
    await harness.deliver(leak(another(1)).record);
    await harness.run(hour);
    const seen = leak({ ...another(1), at: harness.clock.now() });
    harness.tenant.change((directory) => {
      addIdentity(directory, another(1));
      directory.riskDetections.push(seen.copy);
    });
    await harness.deliver(seen.record);
    await harness.run();
    expect(disabled(harness.tenant)).toBe(1);
    const [again] = await harness.runs();
    expect(again?.stages.map(({ status }) => status)).toEqual(["done", "waiting"]);
  });
});

describe("a record that names an object nobody knows", () => {
  const unknown = guid(900);

  it("becomes a dead letter that says why, when the last look is over", async () => {
    const harness = await Harness.start();
    await harness.deliver(credentialAdded({ objectId: unknown }).record);
    await harness.run(2 * hour);
    const letters = await harness.tables.stores.deadLetters.list(tenantId, 10);
    expect(letters).toMatchObject([{ reason: "never-resolved", recordId: "audit-1" }]);
    expect(letters[0]?.detail).toContain(unknown);
    expect(await harness.tables.stores.due.all(tenantId)).toEqual([]);
  });

  it("is not given up because Graph could not be asked for an hour", async () => {
    const harness = await Harness.start();
    const object = another(1).applicationId;
    harness.tenant.faults.push({ path: object, answer: {} });
    await harness.deliver(credentialAdded({ objectId: object }).record);
    await harness.run(50 * minute);
    harness.tenant.faults.length = 0;
    harness.tenant.change((directory) => addIdentity(directory, another(1)));
    await harness.run(minute);
    expect(harness.events("finding.created")).toHaveLength(1);
    expect(await harness.tables.stores.deadLetters.list(tenantId, 10)).toEqual([]);
  });
});

/** Seals are for the hub alone: nobody needs to be told of them. */
function toldIds(notices: readonly { readonly id: string; readonly event: string }[]): readonly string[] {
  return [...new Set(notices.filter(({ event }) => event !== "ledger.sealed").map(({ id }) => id))].sort();
}

describe("telling people", () => {
  it("a notifier that is down holds nothing back from the outcomes hub, and is tried until it is up", async () => {
    const harness = await Harness.start();
    harness.world.down.notifier = true;
    await leaked(harness);
    await harness.run(minute);
    const published = harness.world.published.map(({ id }) => id);
    expect(published.length).toBeGreaterThan(0);
    expect(new Set(published).size).toBe(published.length);
    expect(harness.world.told).toEqual([]);
    harness.world.down.notifier = false;
    await harness.run(minute);
    expect(toldIds(harness.world.told)).toEqual(toldIds(harness.world.published));
  });

  it("an outcomes hub that is down holds nothing back from people", async () => {
    const harness = await Harness.start();
    harness.world.down.outcomes = true;
    await leaked(harness);
    await harness.run(minute);
    expect(harness.events("stage.finished")).toHaveLength(1);
    harness.world.down.outcomes = false;
    await harness.run(minute);
    expect(harness.world.published.filter(({ event }) => event === "stage.finished")).toHaveLength(1);
  });

  it("publishes and tells the same things in the end", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.decide("eradicate");
    await harness.run(100 * hour);
    expect(toldIds(harness.world.told)).toEqual(toldIds(harness.world.published));
  });
});

describe("a stage that crashes the process", () => {
  it("is stuck after five attempts, and a person is paged", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.decide("eradicate");
    harness.editRow("stage|", (row) => (row.status === "waiting" ? { ...row, status: "running", attempts: 5 } : row));
    await harness.run(minute);
    expect(harness.events("stage.stuck")).toMatchObject([{ urgency: "page" }]);
    expect(harness.tenant.writes).toHaveLength(1);
  });

  it("a row nobody can read is paged too, and the other identities go on", async () => {
    const harness = await Harness.start();
    await harness.deliver(leak().record);
    harness.editRow("stage|", (row) => ({ ...row, status: "nonsense" }));
    await readDependencies(harness.world, [another(1).appId]);
    await leakOf(harness, 1);
    await harness.run(10 * minute);
    expect(disabled(harness.tenant)).toBe(1);
    expect(harness.events("due.stuck")).toMatchObject([{ urgency: "page" }]);
  });
});
