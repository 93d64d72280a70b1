/** All stores on Table Storage. */
import type { TableClient } from "@azure/data-tables";
import type { Clock } from "../ports/clock.ts";
import type { Stores } from "../ports/stores.ts";
import { createAliasStore } from "./alias-store.ts";
import { createBaselineStore } from "./baseline-store.ts";
import { createChangeStore } from "./change-store.ts";
import { allowConditionalDeletes } from "./conditional-delete.ts";
import { createDeadLetterStore } from "./dead-letter-store.ts";
import { createDependencyStore } from "./dependency-store.ts";
import { createDueStore } from "./due-store.ts";
import { createFreshnessStore } from "./freshness-store.ts";
import { createIdentityStore } from "./identity-store.ts";
import { createLeaseStore } from "./lease-store.ts";
import { createNamedLocationStore } from "./named-location-store.ts";
import { createReservationStore } from "./reservation-store.ts";
import { createScanStore } from "./scan-store.ts";
import {
  type PipelinePolicy,
  type TableClients,
  type TableConnection,
  type TableName,
  tableClients,
} from "./table-clients.ts";

/** The tables must be there already (`ensureTables`). Sends nothing by itself. */
export function createStores(options: { readonly client: TableClients; readonly clock: Clock }): Stores {
  const client = (table: TableName): TableClient => allowConditionalDeletes(options.client(table));
  const { clock } = options;
  const [due, aliases, deadLetters, dependencies, changes, baselines, scans] = [
    client("due"),
    client("aliases"),
    client("deadletters"),
    client("dependencies"),
    client("changes"),
    client("baselines"),
    client("scans"),
  ];
  return {
    identities: createIdentityStore(client("identities"), [
      due,
      aliases,
      deadLetters,
      dependencies,
      changes,
      baselines,
      scans,
    ]),
    due: createDueStore(due),
    aliases: createAliasStore(aliases, clock),
    deadLetters: createDeadLetterStore(deadLetters, clock),
    dependencies: createDependencyStore(dependencies),
    reservations: createReservationStore(client("reservations"), clock),
    leases: createLeaseStore(client("leases")),
    freshness: createFreshnessStore(client("freshness"), clock),
    changes: createChangeStore(changes, clock),
    baselines: createBaselineStore(baselines),
    scans: createScanStore(scans),
    namedLocations: createNamedLocationStore(dependencies),
  };
}

/** As `createStores`, from a connection. */
export function createTableStores(
  connection: TableConnection,
  clock: Clock,
  policies: readonly PipelinePolicy[] = [],
): Stores {
  return createStores({ client: tableClients(connection, policies), clock });
}
