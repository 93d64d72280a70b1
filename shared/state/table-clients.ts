/** Connects to Table Storage: by connection string (a laptop) or by identity (Azure). */
import { TableClient, type TableServiceClientOptions } from "@azure/data-tables";
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
  "settings",
  "leases",
  "freshness",
] as const;
export type TableName = (typeof tableNames)[number];

/** The SDK has no timeout of its own; a connection that hangs would hold a lock for ever. */
const requestTimeoutMs = 10_000;

/** `policies` see every HTTP request that leaves, resent ones too: for counting them. */
export function tableClients(connection: TableConnection, policies: readonly PipelinePolicy[] = []): TableClients {
  return (table) => {
    const options: TableServiceClientOptions = {
      // Few and short: the trigger that called us tries again, and it holds its partition meanwhile.
      retryOptions: { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 },
      additionalPolicies: [timeout, ...policies].map((policy) => ({ policy, position: "perRetry" })),
    };
    if ("connectionString" in connection) {
      const allowInsecureConnection = isPlainHttp(connection.connectionString);
      return TableClient.fromConnectionString(connection.connectionString, table, {
        ...options,
        allowInsecureConnection,
      });
    }
    return new TableClient(connection.tableServiceUri, table, connection.credential, options);
  };
}

/** Creates what is missing; several instances may do so at once. */
export async function ensureTables(clients: TableClients): Promise<void> {
  await Promise.all(tableNames.map((table) => storageCall(() => clients(table).createTable())));
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
