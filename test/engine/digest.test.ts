/** The day's digest: once a day over each channel, until it took it, and only of what paged nobody. */
import { expect, it } from "vitest";
import { RetryableError } from "../../shared/domain/errors.ts";
import { identityKey } from "../../shared/domain/identity.ts";
import { gatherDigest } from "../../shared/engine/digest/gather-digest.ts";
import { sendDigest } from "../../shared/engine/digest/send-digest.ts";
import { type Told, tell } from "../../shared/engine/rows/notices.ts";
import { Draft, loadPartition } from "../../shared/engine/rows/partition.ts";
import type { Digest, Notifier } from "../../shared/ports/outbox.ts";
import type { Services } from "../../shared/ports/services.ts";
import { Harness, leaked } from "../support/harness.ts";
import { tenantId, victim } from "../support/harness-cast.ts";
import { newWorld, policyWith, startProcess, type World } from "../support/harness-world.ts";

const hour = 3600_000;
const identity = { tenantId, ...victim, applicationObjectId: null };

function channel(id: string) {
  const got: Digest[] = [];
  const state = { down: false };
  const notifier: Notifier = {
    id,
    tell: async ({ notices }) => ({ state: null, told: notices.map((notice) => notice.id), failure: null }),
    async digest(digest) {
      if (state.down) throw new RetryableError("down", { code: "down" });
      got.push(digest);
    },
  };
  return { notifier, got, state };
}

function withNotifiers(world: World, notifiers: readonly Notifier[], instance = "one"): Services {
  return { ...startProcess(world, instance).services, notifiers };
}

async function happens(services: Services, told: Partial<Told>, nth = 0): Promise<void> {
  const draft = new Draft(await loadPartition(services.stores.identities, identityKey(tenantId, victim.appId)));
  const whole = { event: "finding.created", about: [String(nth)], message: "m", identity, incidentId: "i-1" };
  tell(draft, { ...whole, ...told }, services.clock.now());
  await draft.commit(services.stores.identities);
}

/** To the next 07:00 UTC. */
async function untilSeven({ clock }: World): Promise<void> {
  const now = clock.now();
  const day = 24 * hour;
  await clock.advance(day - ((now - 7 * hour) % day));
}

it("goes out once a day over each channel, whatever instance calls and however often", async () => {
  const world = newWorld();
  const [one, two] = [channel("one"), channel("two")];
  const notifiers = [one.notifier, two.notifier];
  await untilSeven(world);
  await happens(withNotifiers(world, notifiers), { data: { detection: "owner-added" } });
  for (let i = 0; i < 3; i++) {
    await untilSeven(world);
    const instances = ["a", "b", "c"].map((name) => withNotifiers(world, notifiers, name));
    await Promise.all(instances.map((services) => sendDigest(services)));
    for (const services of instances) await sendDigest(services);
  }
  expect(one.got.map(({ total }) => total)).toEqual([1, 0, 0]);
  expect(two.got).toEqual(one.got);
  expect(one.got.map(({ from }) => from.slice(11, 16))).toEqual(["07:00", "07:00", "07:00"]);
  expect(one.got[1]?.from).toBe(one.got[0]?.to);
});

it("is sent again to the channel that was down, alone, and covers the days it missed", async () => {
  const world = newWorld();
  const [good, bad] = [channel("good"), channel("bad")];
  const services = withNotifiers(world, [bad.notifier, good.notifier]);
  await untilSeven(world);
  await sendDigest(services);
  bad.state.down = true;
  await happens(services, {});
  for (let i = 0; i < 2; i++) {
    await untilSeven(world);
    await sendDigest(services);
  }
  bad.state.down = false;
  await world.clock.advance(hour / 6);
  await sendDigest(services);
  await sendDigest(services);
  expect(good.got.map(({ total }) => total)).toEqual([0, 1, 0]);
  expect(bad.got.map(({ total }) => total)).toEqual([0, 1]);
  expect([bad.got[1]?.from, bad.got[1]?.to]).toEqual([good.got[1]?.from, good.got[2]?.to]);
});

it("counts what paged nobody, gravest first, with what waits; what was told at once is not in it", async () => {
  const harness = await Harness.start(
    policyWith({ stages: { contain: "approve", eradicate: "approve", retire: "observe" } }),
  );
  const from = harness.clock.now();
  const { services } = harness.process;
  await leaked(harness);
  for (let i = 0; i < 120; i++) {
    await happens(services, { severity: i === 70 ? "critical" : "low", data: { detection: "owner-added" } }, i);
  }
  await happens(services, { event: "stage.blocked", urgency: "chat" });
  await harness.run();
  const digest = await gatherDigest(services, from, harness.clock.now() + 1);
  expect(digest.counts[0]).toEqual({ what: "finding.created: owner-added", times: 120 });
  expect(digest.notices).toHaveLength(50);
  expect(digest.notices.map(({ severity }) => severity)).toContain("critical");
  expect(digest.notices.every(({ urgency }) => urgency === "digest")).toBe(true);
  expect(digest.counts.map(({ what }) => what)).not.toContain("stage.awaiting-approval");
  expect(digest).toMatchObject({ waiting: 1, deadLetters: 0 });
});
