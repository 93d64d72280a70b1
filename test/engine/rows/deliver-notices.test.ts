/** Each channel counts what it took: none holds another up, nothing is lost, and nothing is told twice over one that works. */
import { describe, expect, it } from "vitest";
import { RetryableError, TerminalError } from "../../../shared/domain/errors.ts";
import { identityKey } from "../../../shared/domain/identity.ts";
import { health } from "../../../shared/engine/health.ts";
import { deliverNotices } from "../../../shared/engine/rows/deliver-notices.ts";
import { putDue } from "../../../shared/engine/rows/due.ts";
import { tell } from "../../../shared/engine/rows/notices.ts";
import { Draft, loadPartition } from "../../../shared/engine/rows/partition.ts";
import { parseWoken, runDue } from "../../../shared/engine/run/run-due.ts";
import { sweep } from "../../../shared/engine/run/sweep.ts";
import { createWriter } from "../../../shared/engine/run/writer.ts";
import { inLine } from "../../../shared/messaging/in-line.ts";
import { createSlackNotifier } from "../../../shared/messaging/slack-notifier.ts";
import { createWebhookNotifier } from "../../../shared/messaging/webhook-notifier.ts";
import type { Notifier, Said, Telling } from "../../../shared/ports/outbox.ts";
import type { Services } from "../../../shared/ports/services.ts";
import { channelDouble } from "../../support/channel-double.ts";
import { settle } from "../../support/harness.ts";
import { tenantId, victim } from "../../support/harness-cast.ts";
import { newWorld, startProcess, type World } from "../../support/harness-world.ts";
import { slackDouble, slackToken } from "../../support/slack-double.ts";

const key = identityKey(tenantId, victim.appId);
const minute = 60_000;
const identity = { tenantId, ...victim, applicationObjectId: null };

/** A channel that can be down, and remembers what it was told. */
function channel(id: string) {
  const state: { failure: Said["failure"] } = { failure: null };
  const tellings: Telling[] = [];
  const notifier: Notifier = {
    id,
    async tell(telling) {
      if (state.failure !== null) return { state: telling.state, told: [], failure: state.failure };
      tellings.push(telling);
      const { notices } = telling;
      return { state: { times: tellings.length }, told: notices.map((notice) => notice.id), failure: null };
    },
    digest: async () => undefined,
  };
  const events = () => tellings.flatMap(({ notices }) => notices.map(({ event }) => event));
  return { notifier, state, tellings, events };
}

function withNotifiers(world: World, notifiers: readonly Notifier[], hooks = {}): Services {
  return { ...startProcess(world, "one", hooks).services, notifiers };
}

async function happens(services: Services, event: string, incidentId: string | null = "i-1", at = key): Promise<void> {
  const draft = new Draft(await loadPartition(services.stores.identities, at));
  const told = { event, about: [], message: event, identity, incidentId, urgency: "chat" as const };
  tell(draft, told, services.clock.now());
  await draft.commit(services.stores.identities);
}

/** Without the ends of the ledger. */
function publishedIn({ published }: World): readonly string[] {
  return published.map(({ event }) => event).filter((event) => event !== "ledger.sealed");
}

const down = new RetryableError("down", { code: "down" });

describe("delivery", () => {
  it("tells each channel on its own, and none twice, when one was down", async () => {
    const world = newWorld();
    const [good, bad] = [channel("good"), channel("bad")];
    const services = withNotifiers(world, [bad.notifier, good.notifier]);
    bad.state.failure = down;
    await happens(services, "one");
    expect(await deliverNotices(services, key)).toBe(world.clock.now() + 30_000);
    await world.clock.advance(1_000);
    await happens(services, "two");
    await deliverNotices(services, key);
    expect([good.events(), bad.events()]).toEqual([["one", "two"], []]);
    bad.state.failure = null;
    expect(await deliverNotices(services, key)).toBeNull();
    expect([good.events(), bad.events()]).toEqual([
      ["one", "two"],
      ["one", "two"],
    ]);
    expect(publishedIn(world)).toEqual(["one", "two"]);
  });

  it("goes past what one transaction holds, though one channel takes nothing of it", async () => {
    const world = newWorld();
    const [good, bad] = [channel("good"), channel("bad")];
    const services = withNotifiers(world, [bad.notifier, good.notifier]);
    bad.state.failure = down;
    for (let i = 0; i < 120; i++) await happens(services, `event-${i}`, `i-${i % 50}`);
    await deliverNotices(services, key);
    expect(new Set(good.events()).size).toBe(120);
    expect(good.events()).toHaveLength(120);
    bad.state.failure = null;
    expect(await deliverNotices(services, key)).toBeNull();
    expect(bad.events()).toHaveLength(120);
    expect(publishedIn(world)).toHaveLength(120);
  });

  it("gives a thread back what its notifier answered, an incident each and one without", async () => {
    const world = newWorld();
    const { notifier, tellings } = channel("chat");
    const services = withNotifiers(world, [notifier]);
    for (const incidentId of ["i-1", null, "i-1", null]) {
      await happens(services, `of-${incidentId}-${tellings.length}`, incidentId);
      await deliverNotices(services, key);
    }
    expect(tellings.map(({ thread, state }) => [thread, state])).toEqual([
      ["i-1", null],
      [key, null],
      ["i-1", { times: 1 }],
      [key, { times: 2 }],
    ]);
  });

  it("after a crash between telling and writing it down tells again at worst once, with the same id", async () => {
    const world = newWorld();
    const { url, received } = await channelDouble(() => ({ status: 200 }));
    const parts = { url, secret: null, publicUrl: null, timeoutMs: 2_000, now: () => world.clock.now() };
    const notifier = createWebhookNotifier(parts);
    let dies = true;
    const beforeCall = (name: string) => {
      if (dies && name === "identities.commit" && received.length > 0) throw new Error("killed");
    };
    await happens(withNotifiers(world, []), "one");
    await expect(deliverNotices(withNotifiers(world, [notifier], { beforeCall }), key)).rejects.toThrow("killed");
    dies = false;
    expect(await deliverNotices(withNotifiers(world, [notifier]), key)).toBeNull();
    const ids = received.map(({ headers }) => headers["webhook-id"]);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  it("goes on in the same Slack thread after a restart", async () => {
    const world = newWorld();
    const { url, messages } = await slackDouble();
    const options = { token: slackToken, channel: "C1", apiUrl: url, publicUrl: null, timeoutMs: 2_000 };
    for (const event of ["one", "two", "three"]) {
      const services = withNotifiers(world, [createSlackNotifier(options)]);
      await happens(services, event);
      expect(await deliverNotices(services, key)).toBeNull();
    }
    expect(messages.map(({ threadTs }) => threadTs)).toEqual([null, ...Array(3).fill(messages[0]?.ts)]);
  });

  it("a notifier that throws is a channel that is down, and keeps nobody else from hearing", async () => {
    const world = newWorld();
    const good = channel("good");
    const broken: Notifier = { ...channel("broken").notifier, tell: () => Promise.reject(new TypeError("a bug")) };
    const services = withNotifiers(world, [broken, good.notifier]);
    await happens(services, "one");
    expect(await deliverNotices(services, key)).toBe(world.clock.now() + 5 * minute);
    expect(good.events()).toEqual(["one"]);
  });

  it("leaves out what looks like a secret", async () => {
    const world = newWorld();
    const chat = channel("chat");
    const services = withNotifiers(world, [chat.notifier]);
    await happens(services, "named client_secret=abcdefgh and eyJhbGciOiJub25l.eyJzdWIiOiIxIn0.c2ln");
    await deliverNotices(services, key);
    expect(chat.events()).toEqual(["named [removed] and [removed]"]);
  });
});

describe("a burst of 500 identities", () => {
  it("is told to the last, once each, by a channel that throttles", async () => {
    const world = newWorld();
    const { url, received } = await channelDouble((_, nth) =>
      nth % 9 === 0 ? { status: 429, headers: { "retry-after": "1" } } : { status: 200 },
    );
    const now = () => world.clock.now();
    const webhook = createWebhookNotifier({ url, secret: null, publicUrl: null, timeoutMs: 5_000, now });
    const services = withNotifiers(world, [inLine(webhook, { now, onTold: () => undefined })]);
    for (let i = 0; i < 500; i++) {
      const one = `${tenantId}|00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;
      await happens(services, "identity.contained", "i-1", one);
      await putDue(services, { kind: "deliver", identity: one }, now());
    }
    const writer = createWriter(services);
    for (let turn = 0; turn < 200 && (await services.stores.due.all(tenantId)).length > 0; turn++) {
      await sweep(services);
      await runDue(writer, parseWoken(services, world.hub.splice(0)));
      await world.clock.advance(10_000);
    }
    const ids = received.filter((_, nth) => (nth + 1) % 9 !== 0).map(({ headers }) => headers["webhook-id"]);
    expect([ids.length, new Set(ids).size]).toEqual([500, 500]);
    expect(await services.stores.due.all(tenantId)).toEqual([]);
  });
});

describe("the health answer", () => {
  it("says for each channel what waits, since when, and the code of the failure, and is degraded after ten minutes", async () => {
    const world = newWorld();
    const [good, bad] = [channel("good"), channel("bad")];
    const services = withNotifiers(world, [bad.notifier, good.notifier]);
    bad.state.failure = new TerminalError("https://hooks.example/SECRET is gone", { code: "bad-refused" });
    await happens(services, "one");
    const since = new Date(world.clock.now()).toISOString();
    await world.clock.advance(minute);
    await happens(services, "two", "i-2");
    await deliverNotices(services, key);
    const soon = await health(services);
    expect(soon.status).toBe("ok");
    expect(soon.channels).toEqual({
      bad: { waiting: 2, oldest: { at: since, ageSeconds: 60 }, lastSuccessAt: null, lastError: "bad-refused" },
      good: { waiting: 0, oldest: null, lastSuccessAt: null, lastError: null },
    });
    expect(JSON.stringify(soon)).not.toContain("SECRET");
    await world.clock.advance(10 * minute);
    await deliverNotices(services, key);
    expect((await health(services)).status).toBe("degraded");
    bad.state.failure = null;
    await settle(world, { ...startProcess(world), services, writer: createWriter(services) }, world.clock.now() + hour);
    expect((await health(services)).channels.bad).toMatchObject({ waiting: 0, lastError: null });
    expect(soon.signingKey).toBe((await services.signer.publicKeys())[0]?.id);
  });
});

const hour = 60 * minute;
