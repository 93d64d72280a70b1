/** The app as it is composed in production, in this process; Graph's lanes are lifted unless a benchmark is about them. */
import { createManagedIdentity, tokensFor } from "../shared/azure/access-tokens.ts";
import { compose } from "../shared/compose.ts";
import { systemClock } from "../shared/config/clock.ts";
import { readConfig } from "../shared/config/env.ts";
import type { DueMessage } from "../shared/domain/due.ts";
import { createIngest } from "../shared/engine/ingest/ingest.ts";
import type { Delivery } from "../shared/engine/ingest/read-batch.ts";
import { createWriter, type Writer } from "../shared/engine/run/writer.ts";
import { createGraphTenant } from "../shared/graph/graph-tenant.ts";
import type { LaneRates } from "../shared/graph/lanes.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { Services } from "../shared/ports/services.ts";
import type { ApiAnswer, ApiRequest } from "../shared/ports/tenant.ts";
import { createTableStores } from "../shared/state/create-stores.ts";
import type { PipelinePolicy } from "../shared/state/table-clients.ts";
import { createLogger } from "../shared/telemetry/logger.ts";
import type { Stage, Victim } from "./backdrop/contract.ts";

export interface BenchAppOptions {
  readonly stage: Stage;
  /** sees every HTTP request to the tables */
  readonly tablePolicy?: PipelinePolicy;
  readonly clock?: Clock;
  /** `documented`: Graph's quota lanes as they are in production. By default they are lifted: they would measure the quota. */
  readonly lanes?: "documented" | "lifted";
  /** told of each change when Graph has answered it */
  readonly onAnswered?: (request: ApiRequest, answer: ApiAnswer) => void;
  /** instead of the plans hub */
  readonly publish?: (messages: readonly unknown[]) => Promise<void>;
}

export interface BenchApp {
  readonly services: Services;
  readonly writer: Writer;
  readonly ingest: ReturnType<typeof createIngest>;
  readonly token: () => Promise<string>;
}

const free = { ratePerSecond: 1_000_000, burst: 1_000_000, lowShare: 1 };
const lifted: LaneRates = {
  directory: free,
  "directory-write": free,
  "identity-protection": free,
  reports: free,
  "key-credentials": free,
  azure: free,
};
const nothing = (): void => undefined;
const logger = createLogger({ debug: nothing, info: nothing, warn: console.error, error: console.error });

export async function composeApp(options: BenchAppOptions): Promise<BenchApp> {
  const { stage, clock = systemClock } = options;
  // the unmodified ManagedIdentityCredential finds its endpoint there
  Object.assign(process.env, stage.env);
  const config = readConfig(stage.env);
  const { state } = config;
  if (!("connectionString" in state)) throw new Error("The benchmarks keep their tables on this machine only.");
  const composed = await compose(config, logger);
  const token = tokensFor(createManagedIdentity(null), config.graphAudience);
  const parts = {
    baseUrl: config.graphUrl,
    getToken: token,
    clock,
    random: Math.random,
    logger,
    lanes: options.lanes === "documented" ? {} : lifted,
  };
  const tenant = createGraphTenant({ ...parts, requestTimeoutMs: config.requestTimeoutMs });
  const { onAnswered = nothing, publish } = options;
  const services: Services = {
    ...composed,
    clock,
    stores: createTableStores(state, clock, options.tablePolicy === undefined ? [] : [options.tablePolicy]),
    ...(publish === undefined ? {} : { queue: { publish } }),
    tenant: {
      ...tenant,
      async send(request, call) {
        const answer = await tenant.send(request, call);
        onAnswered(request, answer);
        return answer;
      },
    },
  };
  return { services, writer: createWriter(services), ingest: createIngest(services), token: () => token() };
}

const dayMs = 24 * 3600_000;

/** As if the nightly timer had read yesterday that nobody uses the victims, in a tenant large enough for the caps. */
export async function fillDependencies({ services }: BenchApp, victims: readonly Victim[]): Promise<void> {
  const { stores, clock, policy } = services;
  // young enough that the timer of a host that starts sees no reason to read again
  const readAt = clock.now() - 3600_000;
  const reading = { readAt, lastUsedAt: readAt - 40 * dayMs, appProxy: false, createdAt: readAt - 1_500 * dayMs };
  await stores.dependencies.put(policy.tenantId, new Map(victims.map(({ appId }) => [appId, reading])));
  await stores.dependencies.putSummary(policy.tenantId, { readAt, enabledServicePrincipals: 1_000_000 });
}

let sequenceNumber = 0;

/** One event of the risk hub as the trigger hands it over. */
export function deliveryOf(body: unknown, now: number): Delivery {
  return { body, enqueuedAt: now, origin: { hub: "entra-risk", partition: "0", sequenceNumber: sequenceNumber++ } };
}

/** Messages that would lie in the plans hub. */
export interface Mailbox {
  readonly publish: (messages: readonly unknown[]) => Promise<void>;
  /** Empties it. */
  take(): DueMessage[];
}

export function createMailbox(): Mailbox {
  let held: DueMessage[] = [];
  return {
    async publish(messages) {
      held.push(...(messages as readonly DueMessage[]));
    },
    take() {
      const taken = held;
      held = [];
      return taken;
    },
  };
}
