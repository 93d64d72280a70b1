/** Every trigger, on one screen. Importing this registers them; nothing connects before the first invocation. */
import { app } from "@azure/functions";
import { entraHubsConnection, readConfig } from "../shared/config/env.ts";
import { hubs } from "../shared/domain/hubs.ts";
import { operations } from "./api/operations.ts";
import { registerOperations } from "./api/register.ts";
import { composeOnce } from "./app.ts";
import { getHealth } from "./get-health.ts";
import { ingestEvents } from "./ingest-events.ts";
import { runPlan } from "./run-plan.ts";
import {
  dependenciesTimer,
  digestTimer,
  namedLocationsTimer,
  purgeTimer,
  retireUnusedTimer,
  sweepTimer,
} from "./timers.ts";

const composed = composeOnce(() => readConfig(), console);

/** A bad setting or policy is told at start, not at the first attack. */
app.hook.appStart(async () => {
  await composed();
});

/** Of what Entra sends; the writer's own hub is never in a namespace that takes a key, where there are two. */
const connection = entraHubsConnection();

/** Without it the trigger checkpoints a failed batch and the batch is lost; −1 holds the partition until storage is back. */
const holdPartition = {
  strategy: "exponentialBackoff",
  maxRetryCount: -1,
  minimumInterval: { seconds: 1 },
  maximumInterval: { seconds: 30 },
} as const;

for (const [name, eventHubName] of [
  ["ingest-risk", hubs.risk],
  ["ingest-audit", hubs.audit],
  ["ingest-sign-ins", hubs.signIns],
] as const) {
  const handler = ingestEvents(composed, eventHubName);
  app.eventHub(name, { connection, eventHubName, cardinality: "many", retry: holdPartition, handler });
}

app.eventHub("run-plan", {
  connection: "EventHubs",
  eventHubName: hubs.plans,
  cardinality: "many",
  retry: holdPartition,
  handler: runPlan(composed),
});

app.timer("sweep", { schedule: "*/10 * * * * *", handler: sweepTimer(composed) });
app.timer("purge", { schedule: "0 17 * * * *", handler: purgeTimer(composed) });
// Of the day until 07:00 UTC, once; the rest of the calls find it sent, or try again.
app.timer("digest", { schedule: "20 */10 * * * *", handler: digestTimer(composed) });
// At start too: the cache must be older than what is suspected. The handler skips when it is fresh.
app.timer("refresh-dependencies", {
  schedule: "0 30 2 * * *",
  runOnStartup: true,
  handler: dependenciesTimer(composed),
});
app.timer("copy-named-locations", {
  schedule: "0 45 2 * * *",
  runOnStartup: true,
  handler: namedLocationsTimer(composed),
});
// Once a night it scans, over as many minutes as that takes; the rest of the calls find nothing to do.
app.timer("retire-unused", { schedule: "40 * * * * *", handler: retireUnusedTimer(composed) });

// It tells how blind we are, so not to strangers: monitors bring a function key.
app.http("health", { methods: ["GET"], route: "health", authLevel: "function", handler: getHealth(composed) });

registerOperations(operations, async () => (await composed()).api);
