/**
 * What somebody would write by hand in an afternoon, with the same SDKs: a risk record comes, a row says so, the service
 * principal is disabled. It asks nobody, judges nothing and forgets everything; the benchmark's floor, never a template.
 */
import { TableClient } from "@azure/data-tables";
import { EventHubProducerClient } from "@azure/event-hubs";
import { app } from "@azure/functions";
import { ManagedIdentityCredential } from "@azure/identity";
import { Client, HTTPMessageHandler, type Middleware } from "@microsoft/microsoft-graph-client";

interface RiskRecord {
  readonly category: string;
  readonly properties: { readonly id: string; readonly servicePrincipalId: string };
}

const settings = process.env;
const table = TableClient.fromConnectionString(settings.State ?? "", "coldstartbaseline", {
  allowInsecureConnection: true,
});
const producer = new EventHubProducerClient(settings.EventHubs ?? "", "outcomes");
const credential = new ManagedIdentityCredential();
const wire = new HTTPMessageHandler();
// the SDK's own authentication handler gives the token to https hosts only, and the twin speaks plain http
const authenticate: Middleware = {
  async execute(context) {
    const { token } = await credential.getToken(`${settings.TOURNIQUET_GRAPH_AUDIENCE}/.default`);
    const headers = { ...context.options?.headers, Authorization: `Bearer ${token}` };
    context.options = { ...context.options, headers };
    await wire.execute(context);
  },
};
const graph = Client.initWithMiddleware({
  baseUrl: settings.TOURNIQUET_GRAPH_URL ?? "",
  defaultVersion: "v1.0",
  middleware: authenticate,
});

app.eventHub("disable-at-risk", {
  connection: "EventHubs",
  eventHubName: "entra-risk",
  cardinality: "many",
  handler: async (bodies) => {
    const records = (bodies as readonly { readonly records: readonly RiskRecord[] }[]).flatMap((body) => body.records);
    for (const { category, properties } of records) {
      if (category === "ServicePrincipalRiskEvents") await disable(properties);
    }
  },
});

async function disable({ id, servicePrincipalId }: RiskRecord["properties"]): Promise<void> {
  const object = graph.api(`/servicePrincipals/${servicePrincipalId}`);
  const found: { readonly accountEnabled: boolean } = await object.select(["id", "accountEnabled"]).get();
  if (!found.accountEnabled) return;
  await table.createTable();
  await table.createEntity({ partitionKey: servicePrincipalId, rowKey: id });
  await graph.api(`/servicePrincipals/${servicePrincipalId}`).patch({ accountEnabled: false });
  await producer.sendBatch([{ body: { disabled: servicePrincipalId } }]);
}
