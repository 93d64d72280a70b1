/** Hook of azd before it deploys the templates: the app registration of the API, and the time of the first deployment (docs/deploy.md). */
import { parseArgs } from "node:util";
import { AzureCliCredential, AzureDeveloperCliCredential, ChainedTokenCredential } from "@azure/identity";
import { createAsk } from "./deployment/ask.ts";
import { setAzdValue } from "./deployment/azd.ts";
import { prepare } from "./deployment/prepare.ts";

const graphUrl = process.env.TOURNIQUET_GRAPH_URL || "https://graph.microsoft.com";
const armUrl = process.env.TOURNIQUET_ARM_URL || "https://management.azure.com";

try {
  const { values } = parseArgs({ options: { "what-if": { type: "boolean", default: false } } });
  const credential = new ChainedTokenCredential(new AzureDeveloperCliCredential(), new AzureCliCredential());
  const tokenFor = (resource: string) => async () => (await credential.getToken(`${resource}/.default`)).token;
  await prepare({
    values: process.env,
    graph: createAsk(graphUrl, tokenFor(graphUrl)),
    arm: createAsk(armUrl, tokenFor(armUrl)),
    keep: setAzdValue,
    say: (line) => console.log(line),
    whatIf: values["what-if"],
    now: Date.now(),
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
