/** Connects to Table Storage: by connection string (a laptop) or by identity (Azure). */
import { TableClient, TableServiceClient, type TableServiceClientOptions } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import { storageCall } from "./storage-errors.ts";

export type TableConnection =
  | { readonly connectionString: string }
  | { readonly tableServiceUri: string; readonly credential: TokenCredential };

export type PipelinePolicy = NonNullable<TableServiceClientOptions["additionalPolicies"]>[number]["policy"];

export type TableClients = (table: string) => TableClient;

export const tableNames = [
  "identities",
  "due",
  "aliases",
  "deadletters",
  "dependencies",
  "reservations",
  "leases",
  "freshness",
  "changes",
  "baselines",
  "scans",
] as const;
export type TableName = (typeof tableNames)[number];

/** The SDK has no timeout of its own; a connection that hangs would hold a lock for ever. */
const requestTimeoutMs = 10_000;

/** `policies` see every HTTP request that leaves, resent ones too: for counting them. */
export function tableClients(connection: TableConnection, policies: readonly PipelinePolicy[] = []): TableClients {
  const options = optionsFor(connection, policies);
  return (table) =>
    "connectionString" in connection
      ? TableClient.fromConnectionString(connection.connectionString, table, options)
      : new TableClient(connection.tableServiceUri, table, connection.credential, options);
}

/** Creates what is missing; several instances may do so at once. One request when nothing is. */
export async function ensureTables(connection: TableConnection): Promise<void> {
  const options = optionsFor(connection, []);
  const service =
    "connectionString" in connection
      ? TableServiceClient.fromConnectionString(connection.connectionString, options)
      : new TableServiceClient(connection.tableServiceUri, connection.credential, options);
  const there = new Set<string | undefined>();
  await storageCall(async () => {
    for await (const { name } of service.listTables()) there.add(name);
  });
  const missing = tableNames.filter((table) => !there.has(table));
  await Promise.all(missing.map((table) => storageCall(() => service.createTable(table))));
}

function optionsFor(connection: TableConnection, policies: readonly PipelinePolicy[]): TableServiceClientOptions {
  return {
    // Few and short: the trigger that called us tries again, and it holds its partition meanwhile.
    retryOptions: { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 },
    additionalPolicies: [timeout, ...policies].map((policy) => ({ policy, position: "perRetry" })),
    allowInsecureConnection: "connectionString" in connection && isPlainHttp(connection.connectionString),
  };
}

const timeout: PipelinePolicy = {
  name: "tourniquet-timeout",
  sendRequest(request, next) {
    request.timeout = requestTimeoutMs;
    return next(request);
  },
};

function isPlainHttp(connectionString: string): boolean {
  return /usedevelopmentstorage=true|defaultendpointsprotocol=http(;|$)|tableendpoint=http:/i.test(connectionString);
}
