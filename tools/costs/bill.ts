/** A month's bill for what a tenant makes use of. */
import { deployed, hoursOfMonth, type Tenant } from "./assumptions.ts";
import { costOf, prices } from "./prices.ts";
import { type Usage, usageOf } from "./usage.ts";

export interface Item {
  readonly what: string;
  readonly usd: number;
}

/** Without private endpoints. */
export function billOf(tenant: Tenant): readonly Item[] {
  const used = usageOf(tenant);
  return [
    { what: "function app, two instances always ready", usd: readyCost(used) },
    { what: "function app, on demand", usd: onDemandCost(used) },
    { what: "Event Hubs, throughput units", usd: costOf(prices.throughput, used.throughputUnits * hoursOfMonth) },
    { what: "Event Hubs, what Entra sends", usd: costOf(prices.ingress, used.ingressEvents) },
    {
      what: "state: Table Storage",
      usd: costOf(prices.tableRequests, used.tableRequests) + costOf(prices.tableSpace, used.tableGigabytes),
    },
    { what: "host: checkpoints in Blob Storage", usd: costOf(prices.blobWrites, used.blobWrites) },
    { what: "Key Vault", usd: costOf(prices.keyOperations, used.keyOperations) },
    { what: "Log Analytics and Application Insights", usd: logCost(used.logGigabytes) },
    { what: "log of who changes the state", usd: stateLogCost(used) },
  ];
}

/** What comes on top of it with private endpoints; what passes through them is counted once in and once out. */
export function privateNetworkCost(tenant: Tenant): number {
  const { gigabytesFromEntra } = usageOf(tenant);
  return (
    costOf(prices.endpoint, deployed.endpoints * hoursOfMonth) + costOf(prices.endpointData, 2 * gigabytesFromEntra)
  );
}

function readyCost(used: Usage): number {
  return costOf(prices.ready, used.readyGigabyteSeconds) + costOf(prices.readyBusy, used.readyBusyGigabyteSeconds);
}

function onDemandCost(used: Usage): number {
  return costOf(prices.onDemand, used.onDemandGigabyteSeconds) + costOf(prices.executions, used.executions);
}

function logCost(gigabytes: number): number {
  const keptGigabyteMonths = (gigabytes * (deployed.logDays - 31)) / 30;
  return costOf(prices.logs, gigabytes) + costOf(prices.logsKept, keptGigabyteMonths);
}

/** On top: what is free is taken off once. */
function stateLogCost({ logGigabytes, stateLogGigabytes }: Usage): number {
  return logCost(logGigabytes + stateLogGigabytes) - logCost(logGigabytes);
}
