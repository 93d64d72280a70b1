/** Config → Services: the only place that calls adapter constructors. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { createManagedIdentity, tokensFor } from "./azure/access-tokens.ts";
import { createKeyVaultSigner } from "./azure/key-vault-signer.ts";
import { systemClock } from "./config/clock.ts";
import type { Config, EventHubsConfig } from "./config/config.ts";
import { createKeyFileSigner } from "./config/key-file-signer.ts";
import { checkPolicyAgainst, loadPolicy } from "./config/policy-file.ts";
import { describeError, TerminalError } from "./domain/errors.ts";
import { hubs } from "./domain/hubs.ts";
import type { Policy } from "./domain/policy.ts";
import { channelsOf } from "./engine/outbox-health.ts";
import { detections } from "./engine/registry.ts";
import { createArmTenant } from "./graph/arm-tenant.ts";
import { routeByVersion } from "./graph/by-version.ts";
import { createGraphTenant } from "./graph/graph-tenant.ts";
import { createProducer, type EventHubsConnection } from "./messaging/event-hub-clients.ts";
import type { EventProducer } from "./messaging/event-hub-producer.ts";
import { createEventSource } from "./messaging/event-source.ts";
import { inLine } from "./messaging/in-line.ts";
import { createOutcomePublisher } from "./messaging/outcome-publisher.ts";
import { createPlanQueue } from "./messaging/plan-queue.ts";
import { createSlackNotifier } from "./messaging/slack-notifier.ts";
import { createTeamsNotifier } from "./messaging/teams-notifier.ts";
import { createWebhookNotifier } from "./messaging/webhook-notifier.ts";
import type { EventSource } from "./ports/event-source.ts";
import type { Logger } from "./ports/logger.ts";
import type { Notifier } from "./ports/outbox.ts";
import type { Limits, Services } from "./ports/services.ts";
import type { Signer } from "./ports/signer.ts";
import type { Telemetry } from "./ports/telemetry.ts";
import type { Lane, Tenant } from "./ports/tenant.ts";
import { createTableStores } from "./state/create-stores.ts";
import { ensureTables, type TableConnection } from "./state/table-clients.ts";
import { createTelemetry } from "./telemetry/api-telemetry.ts";
import { startLogExporter } from "./telemetry/log-exporter.ts";
import { createLogger, type LogSink } from "./telemetry/logger.ts";

/** The reader's part, for tools that work on the tables alone: no Graph, no hub. */
export type StateServices = Pick<Services, "clock" | "logger" | "policy" | "signer" | "stores">;

/** Reads and checks the policy. Throws TerminalError naming every mistake. */
export function readPolicyOf(config: Config): Policy {
  const policy = loadPolicy(config.policyFile);
  const problems = checkPolicyAgainst(policy, [...detections.keys()]);
  if (problems.length === 0) return policy;
  const message = [`The policy ${config.policyFile} cannot be used:`, ...problems.map((line) => `  ${line}`)].join(
    "\n",
  );
  throw new TerminalError(message, { code: "policy-invalid" });
}

interface Connections {
  readonly hubs: EventHubsConnection;
  readonly entraHubs: EventHubsConnection;
  readonly state: TableConnection;
}

function connectionsOf(config: Config): Connections {
  const credential = createManagedIdentity(config.managedIdentityClientId);
  const hubsAt = (place: EventHubsConfig) => ("connectionString" in place ? place : { ...place, credential });
  return {
    hubs: hubsAt(config.eventHubs),
    entraHubs: hubsAt(config.entraHubs),
    state: "connectionString" in config.state ? config.state : { ...config.state, credential },
  };
}

/** State, policy and signer. Creates missing tables. */
export async function composeState(config: Config, logger: Logger): Promise<StateServices> {
  const policy = readPolicyOf(config);
  const { state } = connectionsOf(config);
  const [signer] = await Promise.all([readSigner(config, logger), ensureTables(state)]);
  return { clock: systemClock, logger, policy, signer, stores: createTableStores(state, systemClock) };
}

/** Throws TerminalError saying which file or key, and what it should be; RetryableError where the vault cannot be asked now. */
async function readSigner(config: Config, logger: Logger): Promise<Signer> {
  const { signingKey: key, managedIdentityClientId, requestTimeoutMs: timeoutMs } = config;
  if ("keyId" in key) {
    const getToken = tokensFor(createManagedIdentity(managedIdentityClientId), key.audience);
    return createKeyVaultSigner({ keyId: key.keyId, getToken, timeoutMs, clock: systemClock, logger });
  }
  const { file } = key;
  const pem = await readFile(file, "utf8").catch((cause: unknown) => {
    const message = `TOURNIQUET_SIGNING_KEY_FILE names ${file}, which cannot be read (${codeOf(cause)}): give the path of the app's PEM file`;
    throw new TerminalError(message, { code: "bad-signing-key", cause });
  });
  return createKeyFileSigner(pem);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
}

/** Everything, ready to work; the first token and the way to the writer are under way, as the first record wants both soon. */
export async function compose(config: Config, log: LogSink): Promise<Services> {
  const logger = createLogger(log);
  const state = await composeState(config, logger);
  const connections = connectionsOf(config);
  startLogExporter(logger, () => systemClock.now());
  const telemetry = createTelemetry();
  const tenant = composeTenant(config, logger, telemetry);
  const plans = createProducer(connections.hubs, hubs.plans);
  void tenant.whoAmI(); // tells by itself when there is no token
  void openEarly(plans, logger);
  return {
    ...state,
    telemetry,
    tenant,
    queue: createPlanQueue({ producer: plans }),
    outcomes: createOutcomePublisher({
      producer: createProducer(connections.hubs, hubs.outcomes),
      now: () => systemClock.now(),
    }),
    notifiers: composeNotifiers(config, state),
    limits: limitsOf(config),
    // differs between processes: a lease left by one that died must run out before another goes on
    instance: `${config.instanceId ?? hostname()}/${process.pid}/${randomUUID()}`,
  };
}

/** By which single events are read again; it connects when it is asked. */
export function composeEvents(config: Config): EventSource {
  return createEventSource(connectionsOf(config).entraHubs);
}

/** A chat that does not answer must not hold the writer for long. */
const notifierTimeoutMs = 10_000;

/** Each configured channel, with a line before it. */
function composeNotifiers({ notifiers, publicUrl }: Config, { logger, policy, stores }: StateServices): Notifier[] {
  const { webhook, teams, slack } = notifiers;
  const now = () => systemClock.now();
  const parts = { publicUrl, timeoutMs: notifierTimeoutMs, now };
  const onTold = (id: string) => {
    stores.freshness.seen(channelsOf(policy.tenantId), new Map([[id, now()]])).catch((error: unknown) => {
      logger.warn("It could not be noted that a notifier works", { notifier: id, error: describeError(error) });
    });
  };
  return [
    ...(webhook === null ? [] : [createWebhookNotifier({ ...parts, ...webhook })]),
    ...(teams === null ? [] : [createTeamsNotifier({ ...parts, ...teams })]),
    ...(slack === null ? [] : [createSlackNotifier({ ...parts, ...slack })]),
  ].map((notifier) => inLine(notifier, { now, onTold }));
}

/** Graph and Resource Manager, each with tokens of its own, as one tenant. */
function composeTenant(config: Config, logger: Logger, telemetry: Telemetry): Tenant {
  const credential = createManagedIdentity(config.managedIdentityClientId);
  const answered = (lane: Lane, status: number) =>
    telemetry.add("tourniquet.requests", 1, { "tourniquet.lane": lane, "http.response.status_code": status });
  const { requestTimeoutMs } = config;
  const parts = { clock: systemClock, random: Math.random, logger, answered, requestTimeoutMs };
  const graph = { baseUrl: config.graphUrl, getToken: tokensFor(credential, config.graphAudience) };
  const arm = { baseUrl: config.armUrl, getToken: tokensFor(credential, config.armAudience) };
  return routeByVersion(createGraphTenant({ ...parts, ...graph }), createArmTenant({ ...parts, ...arm }));
}

/** A batch is as large as the hub allows, which the hub says when the link is opened. */
async function openEarly(producer: EventProducer, logger: Logger): Promise<void> {
  try {
    await producer.createBatch();
  } catch (error) {
    logger.warn("The plans hub could not be reached at start; it is tried again when it is needed", {
      error: describeError(error),
    });
  }
}

const second = 1_000;
const minute = 60 * second;

/** A lease outlasts one request by the margin, with room for the steps between two renewals. */
function limitsOf({ requestTimeoutMs, leaseMarginMs }: Config): Limits {
  return {
    requestTimeoutMs,
    leaseMs: requestTimeoutMs + 2 * leaseMarginMs,
    leaseMarginMs,
    batchBudgetMs: 20 * second,
    verifyAfterMs: [10 * second, 30 * second, 80 * second, 5 * minute, 10 * minute],
    verifyApartMs: minute,
    deferMs: [30 * second, 2 * minute, 5 * minute, 15 * minute, 30 * minute],
  };
}
