// The whole system on one machine: broker, storage, tenant twin and the app in its host, wired as they are in Azure.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Azurite, startAzurite } from "../azurite.ts";
import { createEventHubsBroker, type EventHubsBroker } from "../event-hubs/broker.ts";
import { type HostProcess, startHost } from "../host/spawn.ts";
import type { TwinOptions } from "../tenant/options.ts";
import { createTenantTwin, type Twin } from "../tenant/twin.ts";
import type { Hub, LogRecord } from "../tenant/types.ts";
import { type PolicyPatch, patchPolicy } from "./policy-file.ts";
import { createScratch, type Scratch } from "./scratch.ts";

export type RecordListener = (hub: Hub, record: LogRecord) => void;

export interface SystemOptions {
  /** besides `tenantId` and, unless it says otherwise, `mode: enforce`; asked for when `prepare` is done */
  readonly policyPatch?: PolicyPatch | ((twin: Twin) => PolicyPatch);
  readonly twinOptions?: Omit<TwinOptions, "onRecord">;
  /** builds the tenant before the app first sees it */
  readonly prepare?: (twin: Twin) => void;
  /** told of each of the twin's log records when it has reached its hub */
  readonly onRecord?: RecordListener;
  /** where the key is that signs rows; default: a file */
  readonly signer?: "file" | "key-vault";
  /** over the environment of the app; undefined removes a variable */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** default: this project, built */
  readonly appRoot?: string;
  /** false: everything but the app, which `startApp()` starts */
  readonly withApp?: boolean;
}

export interface System {
  readonly twin: Twin;
  readonly broker: EventHubsBroker;
  readonly azurite: Azurite;
  /** What the app is given, for other processes (`tq`) that work on the same system. */
  readonly env: Readonly<Record<string, string>>;
  readonly shippedPolicy: string;
  readonly policy: string;
  /** The app's process that runs now, or ran last. @throws Error before the first `startApp()` */
  readonly host: HostProcess;
  /** Starts the app, again too after it was stopped or killed. */
  startApp(): Promise<HostProcess>;
  /** Ends everything and removes its files. */
  stop(): Promise<void>;
}

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const INITIAL_OFFSET = "AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc";
/** Settings of somebody's shell that would lead the app away from this machine. An empty one counts as not set. */
const ELSEWHERE = {
  AZURE_CLIENT_ID: "",
  EventHubs__fullyQualifiedNamespace: "",
  State__tableServiceUri: "",
  TOURNIQUET_SIGNING_KEY_ID: "",
  TOURNIQUET_WEBHOOK_URL: "",
};
const SIGNING_KEY = "tourniquet";
const HUBS = [
  { name: "entra-risk", partitions: 4, consumerGroups: ["replay"] },
  { name: "entra-audit", partitions: 4, consumerGroups: ["replay"] },
  { name: "entra-sign-ins", partitions: 4, consumerGroups: ["replay"] },
  { name: "plans", partitions: 1 },
  { name: "outcomes", partitions: 2 },
];

/** What was started, last first, each with how it ends. */
type Started = (() => Promise<void>)[];

/** @throws Error when a part does not start; whatever had started is stopped again */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const started: Started = [];
  try {
    return await start(options, started);
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}

async function start(options: SystemOptions, started: Started): Promise<System> {
  const deployedAt = new Date();
  const broker = await createEventHubsBroker({ hubs: HUBS });
  started.unshift(() => broker.stop());
  const twin = await createTenantTwin({ ...options.twinOptions, onRecord: publishing(broker, options.onRecord) });
  started.unshift(() => twin.stop());
  options.prepare?.(twin);
  const shippedPolicy = await readFile(new URL("../../policy.yaml", import.meta.url), "utf8");
  const { policyPatch } = options;
  const wanted = typeof policyPatch === "function" ? policyPatch(twin) : policyPatch;
  const policy = patchPolicy(shippedPolicy, { tenantId: twin.tenantId, mode: "enforce", ...wanted });
  const scratch = await createScratch(policy);
  started.unshift(() => scratch.remove());
  const azurite = await startAzurite();
  started.unshift(() => azurite.stop());
  const env = environment({ broker, twin, azurite, scratch, deployedAt }, options.signer ?? "file");
  const app = appOf(options, env, started);
  if (options.withApp !== false) await app.start();
  return {
    ...{ twin, broker, azurite, env, shippedPolicy, policy },
    get host() {
      return app.running();
    },
    startApp: app.start,
    stop: () => stopAll(started),
  };
}

/** As Entra's diagnostic settings do: an envelope around the record, no partition key. */
function publishing(broker: EventHubsBroker, listener: RecordListener | undefined): RecordListener {
  return (hub, record) => {
    broker.enqueue(hub, { records: [record] });
    listener?.(hub, record);
  };
}

interface Parts {
  readonly broker: EventHubsBroker;
  readonly twin: Twin;
  readonly azurite: Azurite;
  readonly scratch: Scratch;
  readonly deployedAt: Date;
}

/** Without a version: the newest signs. */
function signingKey({ twin, scratch }: Parts, signer: "file" | "key-vault"): Record<string, string> {
  if (signer === "file") return { TOURNIQUET_SIGNING_KEY_FILE: scratch.signingKeyFile };
  twin.keyVault.keys.create(SIGNING_KEY);
  return {
    TOURNIQUET_SIGNING_KEY_FILE: "",
    TOURNIQUET_SIGNING_KEY_ID: `${twin.keyVault.url}/keys/${SIGNING_KEY}`,
    TOURNIQUET_KEY_VAULT_AUDIENCE: "https://vault.azure.net",
  };
}

function environment(parts: Parts, signer: "file" | "key-vault"): Record<string, string> {
  const { broker, twin, azurite, scratch, deployedAt } = parts;
  return {
    ...ELSEWHERE,
    ...signingKey(parts, signer),
    EventHubs: broker.connectionString,
    State: azurite.connectionString,
    AzureWebJobsStorage: azurite.connectionString,
    TOURNIQUET_POLICY_FILE: scratch.policyFile,
    TOURNIQUET_GRAPH_URL: twin.graphUrl,
    TOURNIQUET_GRAPH_AUDIENCE: "https://graph.microsoft.com",
    TOURNIQUET_ARM_URL: twin.armUrl,
    TOURNIQUET_ARM_AUDIENCE: "https://management.azure.com",
    IDENTITY_ENDPOINT: twin.identityEndpoint,
    IDENTITY_HEADER: twin.identityHeader,
    WEBSITE_AUTH_ENABLED: "True",
    WEBSITE_AUTH_OPENID_ISSUER: `https://login.microsoftonline.com/${twin.tenantId}/v2.0`,
    WEBSITE_AUTH_SIGNING_KEY: randomBytes(32).toString("hex"), // so that tokens outlive a restart of the app
    [INITIAL_OFFSET]: deployedAt.toISOString(),
  };
}

function appOf(options: SystemOptions, env: Record<string, string>, started: Started) {
  let host: HostProcess | undefined;
  return {
    async start(): Promise<HostProcess> {
      const next = await startHost({ appRoot: options.appRoot ?? PROJECT, env: { ...env, ...options.env } });
      host = next;
      started.unshift(() => next.stop());
      return next;
    },
    running(): HostProcess {
      if (host === undefined) throw new Error("The app was not started yet: call startApp() first.");
      return host;
    },
  };
}

/** One after the other, so that the app ends before what it talks to. The first failure is thrown when all are done. */
async function stopAll(started: Started): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of started.splice(0)) {
    await stop().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
