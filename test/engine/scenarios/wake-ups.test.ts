/** No wake-up is lost: what is wished for while the writer is at work on an older wish happens, whoever dies meanwhile. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { parseWoken, runDue } from "../../../shared/engine/run/run-due.ts";
import { sweep } from "../../../shared/engine/run/sweep.ts";
import { keys } from "../../records/build.ts";
import { Harness, leaked } from "../../support/harness.ts";
import {
  added,
  addIdentity,
  another,
  credentialAdded,
  guid,
  keyA,
  leak,
  onPrincipal,
  refusedSignIn,
  riskyRecord,
  tenantId,
} from "../../support/harness-cast.ts";
import { deliveryOf, hour, policyWith, startProcess } from "../../support/harness-world.ts";
import type { CallHooks } from "../../support/store-hooks.ts";

const minute = 60_000;

function isDisabled(harness: Harness): boolean {
  return harness.tenant.directory.servicePrincipals[0]?.accountEnabled === false;
}

/** Something that happens once, right before the first call of that name. */
function once(name: string, happens: () => Promise<unknown>): CallHooks {
  let pending = true;
  return {
    async beforeCall(called) {
      if (called !== name || !pending) return;
      pending = false;
      await happens();
    },
  };
}

/** One batch of everything the hub holds, taken by a process of its own. */
async function takeHub({ world }: Harness, hooks: CallHooks = {}): Promise<void> {
  const { writer, services } = startProcess(world, "one", hooks);
  const bodies = world.hub;
  world.hub = [];
  await runDue(writer, parseWoken(services, bodies));
}

describe("while the writer delivers the notices of a stage", () => {
  const asking = policyWith({ mode: "approve" });

  it("an approval of it is seen within seconds, not at the next reminder", async () => {
    const harness = await Harness.start(asking);
    harness.tenant.change((directory) => directory.riskDetections.push(leak().copy));
    await harness.deliver(leak().record);
    await takeHub(
      harness,
      once("notifier.tell", () => harness.decide("contain")),
    );
    expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
    await harness.run();
    expect(isDisabled(harness)).toBe(true);
  });

  it("a refused sign-in verifies it now", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(15_000);
    expect(await harness.stage("contain")).toMatchObject({ status: "done" });
    const looks = () => harness.tables.stores.due.all(tenantId);
    const before = (await looks()).find(({ id }) => id.endsWith("contain"));
    await harness.clock.advance(Math.max(0, (before?.wakeAt ?? 0) - harness.clock.now()));
    await sweep(harness.process.services);
    const record = refusedSignIn(harness.clock.now());
    const dead = startProcess(
      harness.world,
      "ingest",
      once("queue.publish", () => Promise.reject(new Error("hub"))),
    );
    await takeHub(
      harness,
      once("due.settle", () => dead.ingest([deliveryOf(harness.world, [record])])),
    );
    const after = (await looks()).find(({ id }) => id.endsWith("contain"));
    expect(after?.wakeAt).toBeLessThanOrEqual(harness.clock.now() + 20_000);
  });
});

describe("while the writer decides a stage by one finding", () => {
  it("a second one that permits more is seen within seconds, not at the next look", async () => {
    const harness = await Harness.start();
    await harness.deliver(riskyRecord());
    const { record, copy } = leak();
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    const ingest = startProcess(harness.world, "ingest");
    await takeHub(
      harness,
      once("tenant.read", () => ingest.ingest([deliveryOf(harness.world, [record])])),
    );
    expect(isDisabled(harness)).toBe(false);
    await harness.run();
    expect(isDisabled(harness)).toBe(true);
  });
});

describe("a finding whose identity nobody knows yet", () => {
  const object = another(1).applicationId;
  const first = credentialAdded({ objectId: object }).record;
  const second = credentialAdded({
    objectId: object,
    id: "audit-2",
    before: keys([keyA], [added]),
    after: keys([keyA], [added], [onPrincipal]),
  }).record;

  it("stays due when the writer is done with an older one between its due row and its commit", async () => {
    const harness = await Harness.start();
    await harness.deliver(first);
    harness.tenant.change((directory) => addIdentity(directory, another(1)));
    const filing = startProcess(
      harness.world,
      "ingest",
      once("identities.commit", () => takeHub(harness)),
    );
    await filing.ingest([deliveryOf(harness.world, [second])]);
    // and it dies before its message is sent
    harness.world.hub = [];
    await harness.run(hour);
    expect(harness.events("finding.created")).toHaveLength(2);
  });

  it("wakes the writer at once when it comes again because the first delivery died before it did", async () => {
    const harness = await Harness.start();
    await harness.deliver(first);
    harness.world.hub = [];
    harness.tenant.change((directory) => addIdentity(directory, another(1)));
    await harness.deliver(first);
    await takeHub(harness);
    expect(await harness.runs()).toHaveLength(1);
  });
});

describe("a burst of containments", () => {
  it("goes before what is to be eradicated, which is published again behind it", async () => {
    const { blastRadius } = policyWith();
    const wide = { ...blastRadius, perHour: 100, perDay: 100, perPlaybookPerHour: 100, percent: 100 };
    const harness = await Harness.start(policyWith({ blastRadius: wide }));
    await harness.deliver(riskyRecord());
    await takeHub(harness);
    const eradicate = {
      kind: "stage",
      identity: (await harness.plan()).identity,
      planId: (await harness.plan()).planId,
    };
    const many = Array.from({ length: 40 }, (_, n) => another(n));
    harness.tenant.change((directory) => {
      for (const ids of many) addIdentity(directory, ids);
    });
    await harness.deliver(...many.map((ids, n) => riskyRecord({ ...ids, id: `risky-${n}` })));
    harness.world.hub.unshift({ ...eradicate, stage: "eradicate", verifies: false });
    await takeHub(harness);
    expect(harness.world.hub).toEqual([expect.objectContaining({ stage: "eradicate" })]);
    expect((await harness.runs()).map(({ stages: [contain] }) => contain?.status)).not.toContain("pending");
  });
});

describe("the sweep", () => {
  it("publishes what it could not put off, and does not bring back what the writer ended meanwhile", async () => {
    const harness = await Harness.start();
    harness.tenant.change((directory) => directory.riskDetections.push(leak().copy));
    await harness.deliver(leak().record);
    const published = harness.world.hub;
    harness.world.hub = [];
    await harness.clock.advance(minute);
    const slow = startProcess(
      harness.world,
      "timer",
      once("due.snooze", async () => {
        harness.world.hub = published;
        await takeHub(harness);
        harness.world.hub = [];
        throw new Error("storage is busy");
      }),
    );
    expect(await sweep(slow.services)).toBe(1);
    const due = () => harness.tables.stores.due.all(tenantId);
    const before = await due();
    await takeHub(harness);
    const looks = (await due()).map(({ id, wakeAt }) => [id, wakeAt]);
    expect(before.map(({ id, wakeAt }) => [id, wakeAt])).toEqual(expect.arrayContaining(looks));
    expect(isDisabled(harness)).toBe(true);
    expect(harness.tenant.writes).toHaveLength(1);
  });

  it("answers for a wake-up that took longer than the next sweep are still answers", async () => {
    const harness = await Harness.start();
    await harness.deliver(credentialAdded({ objectId: guid(900) }).record);
    await harness.clock.advance(2 * hour);
    const taken = harness.world.hub;
    harness.world.hub = [];
    for (const _ of [1, 2, 3]) {
      await sweep(harness.process.services);
      await harness.clock.advance(minute);
    }
    harness.world.hub = taken;
    await takeHub(harness);
    expect(await harness.tables.stores.due.all(tenantId)).toEqual([]);
  });
});

it("takes what the policy says is tier 0 first of what is as urgent, however many came before it", async () => {
  const bait = Array.from({ length: 40 }, (_, n) => identityKey(tenantId, guid(700 + n)));
  const tierZero = identityKey(tenantId, guid(999));
  const { protected: own } = policyWith();
  const { world } = await Harness.start(policyWith({ protected: { ...own, tier0: [guid(999)] } }));
  const stage = (identity: string, name: "contain" | "eradicate" | "undo") => ({
    kind: "stage",
    identity,
    planId: `${identity}-${name}`,
    stage: name,
    verifies: false,
  });
  const woken = parseWoken(startProcess(world, "one").services, [
    ...bait.map((identity) => stage(identity, "contain")),
    stage(tierZero, "eradicate"),
    stage(tierZero, "contain"),
    stage(bait[0] ?? "", "undo"),
  ]);
  const order = woken.map(({ message }) => [message.identity, "stage" in message ? message.stage : ""]);
  expect(order.slice(0, 3)).toEqual([
    [bait[0], "undo"],
    [tierZero, "contain"],
    [bait[0], "contain"],
  ]);
  expect(order.at(-1)).toEqual([tierZero, "eradicate"]);
});
