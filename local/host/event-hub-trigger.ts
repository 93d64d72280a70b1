// Event Hubs triggers: one batch in flight per partition, the registered retries, then a checkpoint, failed or not.
import {
  type CheckpointStore,
  EventHubConsumerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
  type PartitionContext,
  parseEventHubConnectionString,
  type ReceivedEventData,
  RetryMode,
  type RetryOptions,
} from "@azure/event-hubs";
import { type AppSettings, requireSetting, resolvePlaceholders } from "./app-settings.ts";
import type { RetryContext } from "./core-types.ts";
import { batchData, singleData, type TriggerData } from "./event-data.ts";
import type { EventHubsOptions } from "./host-json.ts";
import { type InvokeOptions, invoke } from "./invoke.ts";
import { describeError } from "./log.ts";
import type { RegisteredFunction } from "./registry.ts";
import { type RunResult, runWithRetries } from "./retry-policy.ts";
import type { TriggerBinding } from "./trigger-binding.ts";

/** The extension's `clientRetryOptions` by default. This SDK's own default waits 30 s after a lost connection. */
const RETRY_AS_IN_AZURE: RetryOptions = {
  mode: RetryMode.Exponential,
  maxRetries: 3,
  retryDelayInMs: 800,
  maxRetryDelayInMs: 60_000,
};

/** How long an idle receiver may wait: this SDK replaces one whose connection was lost only when its wait is over. */
const IDLE_WAIT_SECONDS = 1;

export interface EventHubListener {
  /** Settles when no batch is in flight; batches handed over after the stop signal are refused. */
  idle(): Promise<void>;
  /** Gives the partitions up and closes the connection. */
  close(): Promise<void>;
}

export interface ListenerOptions extends InvokeOptions {
  readonly settings: AppSettings;
  readonly eventHubs: EventHubsOptions;
  readonly checkpoints: CheckpointStore;
  readonly stop: AbortSignal;
}

/** Starts pulling. The SDK's event processor balances partitions, reconnects, and awaits each batch before the next. */
export function startEventHubListener(
  fn: RegisteredFunction,
  binding: TriggerBinding,
  options: ListenerOptions,
): EventHubListener {
  const { eventHubs, log } = options;
  const name = fn.metadata.name;
  const client = createClient(name, binding, options);
  const inFlight = new Set<Promise<void>>();
  const deliver = createDelivery(fn, binding, options);

  const subscription = client.subscribe(
    {
      async processEvents(events, partition) {
        if (events.length === 0 || options.stop.aborted) return;
        const delivery = deliver(events, partition);
        inFlight.add(delivery);
        await delivery.finally(() => inFlight.delete(delivery));
      },
      async processError(error, partition) {
        const partitionId = partition.partitionId || undefined;
        log("warning", name, "Event Hubs receiver error", { partitionId, ...describeError(error) });
      },
    },
    {
      maxBatchSize: eventHubs.maxEventBatchSize,
      maxWaitTimeInSeconds: IDLE_WAIT_SECONDS,
      prefetchCount: eventHubs.prefetchCount,
      startPosition: initialPosition(eventHubs),
      skipParsingBodyAsJson: true,
    },
  );

  return {
    async idle() {
      await Promise.all(inFlight);
    },
    async close() {
      await subscription.close();
      await client.close();
    },
  };
}

/** Hands one batch over and checkpoints it; never rejects, for the SDK would go on without redelivery. */
function createDelivery(
  fn: RegisteredFunction,
  binding: TriggerBinding,
  options: ListenerOptions,
): (events: ReceivedEventData[], partition: PartitionContext) => Promise<void> {
  const name = fn.metadata.name;
  const batches = new Map<string, number>();

  function run({ data, triggerMetadata }: TriggerData): Promise<RunResult> {
    const input = { name: binding.name, data };
    const attempt = (retry: RetryContext | undefined): Promise<unknown> =>
      invoke({ fn, input, triggerMetadata, ...(retry === undefined ? {} : { retryContext: retry }) }, options);
    return runWithRetries(attempt, fn.metadata.retryOptions, options.stop);
  }

  async function runAll(events: ReceivedEventData[], partition: PartitionContext): Promise<boolean> {
    if (binding.options.cardinality === "many") return (await run(batchData(events, partition))) !== "stopped";
    for (const event of events) {
      if (options.stop.aborted || (await run(singleData(event, partition))) === "stopped") return false;
    }
    return true;
  }

  return async function deliver(events, partition) {
    const { partitionId } = partition;
    const last = events.at(-1);
    if (!(await runAll(events, partition)) || last === undefined) {
      options.log("information", name, "batch left unfinished, no checkpoint", { partitionId });
      return;
    }
    const count = (batches.get(partitionId) ?? 0) + 1;
    batches.set(partitionId, count);
    if (count % options.eventHubs.batchCheckpointFrequency !== 0) return;
    try {
      await partition.updateCheckpoint(last);
    } catch (error) {
      // As in Azure: the next batch's checkpoint covers this one; a restart before that delivers it again.
      options.log("error", name, "checkpoint failed", { partitionId, ...describeError(error) });
    }
  };
}

function createClient(name: string, binding: TriggerBinding, options: ListenerOptions): EventHubConsumerClient {
  const { settings, eventHubs } = options;
  const asked = `function "${name}"`;
  const text = (option: unknown, fallback: string): string =>
    resolvePlaceholders(typeof option === "string" && option !== "" ? option : fallback, settings, asked);
  const connectionString = requireSetting(settings, text(binding.options.connection, "EventHub"), asked);
  const consumerGroup = text(binding.options.consumerGroup, "$Default");
  const hub = parseEventHubConnectionString(connectionString).eventHubName ?? text(binding.options.eventHubName, "");
  const namespaceOnly = connectionString.replace(/;?EntityPath=[^;]*/i, "");
  return new EventHubConsumerClient(consumerGroup, namespaceOnly, hub, options.checkpoints, {
    retryOptions: RETRY_AS_IN_AZURE,
    loadBalancingOptions: {
      strategy: "greedy",
      updateIntervalInMs: eventHubs.loadBalancingUpdateInterval,
      partitionOwnershipExpirationIntervalInMs: eventHubs.partitionOwnershipExpirationInterval,
    },
  });
}

/** Where a partition without checkpoint begins. */
function initialPosition({ initialOffsetOptions: offset }: EventHubsOptions): EventPosition {
  if (offset.type === "fromend") return latestEventPosition;
  if (offset.type === "fromstart" || offset.enqueuedTimeUtc === undefined) return earliestEventPosition;
  return { enqueuedOn: offset.enqueuedTimeUtc };
}
