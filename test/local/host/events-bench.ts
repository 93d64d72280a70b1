// Broker, storage and host for the Event Hubs tests, and what the fixture app noted.
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Azurite, startAzurite } from "../../../local/azurite.ts";
import { createEventHubsBroker, type EventHubsBroker } from "../../../local/event-hubs/broker.ts";
import { type HostProcess, startHost } from "../../../local/host/spawn.ts";

export interface Note {
  readonly fn: string;
  readonly messages?: readonly unknown[];
  readonly done?: readonly unknown[];
  readonly attempt?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface EventsBench {
  readonly broker: EventHubsBroker;
  readonly azurite: Azurite;
  start(env?: Record<string, string>, stopLimitMs?: number): Promise<HostProcess>;
  /** Of one function, oldest first. */
  notes(fn: string): Note[];
  /** Forgets what was noted so far. */
  forget(): void;
  /** The ids of events whose handling ended well. */
  done(fn: string): unknown[];
  /** Ends every host that still runs. */
  killHosts(): Promise<void>;
  stop(): Promise<void>;
}

const OFFSET = "AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc";
const APP = fileURLToPath(new URL("./fixtures/events", import.meta.url));

/** @param firstDeployedAt where partitions without checkpoint begin */
export async function eventsBench(firstDeployedAt = new Date(Date.now() - 60_000)): Promise<EventsBench> {
  const groups = [
    { name: "in", partitions: 2 },
    ...["killed", "stopped", "retried", "handed", "outage"].map((name) => ({ name, partitions: 1 })),
    { name: "once", partitions: 1, consumerGroups: ["app"] },
    { name: "single", partitions: 1 },
  ];
  const [broker, azurite] = await Promise.all([createEventHubsBroker({ hubs: groups }), startAzurite()]);
  const log = join(mkdtempSync(join(tmpdir(), "host-events-")), "notes.jsonl");
  const hosts: HostProcess[] = [];
  let skipped = 0;

  function all(): Note[] {
    return existsSync(log)
      ? readFileSync(log, "utf8")
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
  }

  const notes = (fn: string): Note[] =>
    all()
      .slice(skipped)
      .filter((note) => note.fn === fn);

  async function killHosts(): Promise<void> {
    for (const host of hosts) host.kill("SIGKILL");
    await Promise.all(hosts.splice(0).map((host) => host.exited));
  }

  return {
    broker,
    azurite,
    async start(env = {}, stopLimitMs = 10_000) {
      const settings = {
        AzureWebJobsStorage: azurite.connectionString,
        FIXTURE_HUBS: broker.connectionString,
        FIXTURE_HUB: "in",
        FIXTURE_LOG: log,
        [OFFSET]: firstDeployedAt.toISOString(),
        ...env,
      };
      const host = await startHost({ appRoot: APP, env: settings, stopLimitMs });
      hosts.push(host);
      return host;
    },
    notes,
    forget() {
      skipped = all().length;
    },
    done: (fn) => notes(fn).flatMap((note) => (note.done ?? []).map((message) => (message as { id: unknown }).id)),
    killHosts,
    async stop() {
      await killHosts();
      await Promise.all([broker.stop(), azurite.stop()]);
    },
  };
}
