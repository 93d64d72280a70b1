/** A replay under way: the engine with nobody at the other end, and the loop that does what is due by the records' own time. */
import { DueMessage, dueId, priority } from "../../../shared/domain/due.ts";
import { tenantOf } from "../../../shared/domain/identity.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import { createIngest } from "../../../shared/engine/ingest/ingest.ts";
import { createWriter } from "../../../shared/engine/run/writer.ts";
import type { Tally } from "../report/tally.ts";
import { createReplayStores } from "../state/stores.ts";
import { createReplayClock } from "./clock.ts";
import { closeOffline } from "./close.ts";
import { decideOffline } from "./decide.ts";
import type { Offline } from "./in-hand.ts";
import { createKnownIds } from "./known-ids.ts";
import { resolveOffline } from "./resolve.ts";
import { createReplayServices, type Woken } from "./services.ts";

/** `servicePrincipals` null: not known, and the percentage of the policy limits nothing. */
export function createOffline(policy: Policy, servicePrincipals: number | null, tally: Tally): Offline {
  const clock = createReplayClock();
  const woken: Woken[] = [];
  const stores = createReplayStores(clock, {
    committed: (key, changes) => {
      for (const { subject } of tally.committed(key, changes)) ids.learn(subject);
    },
    deadLetter: (letter) => tally.deadLetter(letter),
  });
  const ids = createKnownIds(stores.aliases, policy.tenantId);
  const services = createReplayServices(policy, clock, stores, (one) => woken.push(one));
  return {
    services,
    writer: createWriter(services),
    ingest: createIngest(services),
    tally,
    summary: { readAt: 0, enabledServicePrincipals: servicePrincipals ?? Number.MAX_SAFE_INTEGER },
    ids,
    woken,
    purgedAt: 0,
  };
}

/** Does what was due up to that moment, each thing at its own time, and moves on to it. */
export async function moveOn(offline: Offline, to: number): Promise<void> {
  const { clock, stores } = offline.services;
  for (let row = stores.due.take(to); row !== null; row = stores.due.take(to)) {
    clock.moveTo(row.wakeAt);
    const message = DueMessage.safeParse(row.message);
    if (message.success) await see(offline, message.data);
    await seeToWoken(offline);
  }
  clock.moveTo(to);
  if (clock.now() - offline.purgedAt < purgeEveryMs) return;
  offline.purgedAt = clock.now();
  await stores.identities.purgeExpired(clock.now(), Number.POSITIVE_INFINITY);
}

const purgeEveryMs = 24 * 3600_000;

/** What the writer was woken for, the urgent first, and what comes of that. */
export async function seeToWoken(offline: Offline): Promise<void> {
  const { woken, services } = offline;
  while (woken.length > 0) {
    const batch = woken.splice(0).toSorted((a, b) => priority(a.message) - priority(b.message));
    for (const { message, version } of batch) {
      const row = { id: dueId(message), tenantId: tenantOf(message.identity), message, attempts: 0 };
      await services.stores.due.settle({ ...row, wakeAt: null }, version);
      await see(offline, message);
    }
  }
}

async function see(offline: Offline, message: DueMessage): Promise<void> {
  switch (message.kind) {
    case "stage":
      return decideOffline(offline, message);
    case "resolve":
      return resolveOffline(offline, message.identity);
    case "close":
      return closeOffline(offline, message.identity);
    default:
  }
}

/** The last time a date can have. */
const endOfTime = 8.64e15;

/** The history is over: what waits to settle is decided, and every incident closes. */
export async function finish(offline: Offline): Promise<void> {
  await moveOn(offline, endOfTime);
  offline.tally.closeAll();
}
