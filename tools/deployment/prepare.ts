/** What must be there before the templates are deployed, and must never change afterwards. Idempotent. */
import type { Ask } from "./ask.ts";
import { register } from "./register.ts";
import { rememberedIn } from "./remembered.ts";

export interface Preparation {
  /** azd's values, as environment variables */
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly graph: Ask;
  readonly arm: Ask;
  readonly keep: (name: string, value: string) => void;
  readonly say: (line: string) => void;
  readonly whatIf: boolean;
  /** epoch ms */
  readonly now: number;
  readonly patienceMs?: number;
}

const firstDeployed = "TOURNIQUET_FIRST_DEPLOYED_AT";
const apiClient = "TOURNIQUET_API_CLIENT_ID";

export async function prepare(preparation: Preparation): Promise<void> {
  const { values, graph, arm, keep, say, whatIf } = preparation;
  const environmentName = needed(values, "AZURE_ENV_NAME");
  const subscriptionId = needed(values, "AZURE_SUBSCRIPTION_ID");
  const isNew = !values[firstDeployed] || !values[apiClient];
  const before = isNew ? await rememberedIn(arm, subscriptionId, environmentName) : null;

  if (values[firstDeployed]) {
    say(`first deployed at ${values[firstDeployed]}, which stays`);
  } else {
    const at = before?.firstDeployedAt ?? new Date(preparation.now).toISOString();
    if (!whatIf) keep(firstDeployed, at);
    say(`${whatIf ? "would read" : "reads"} events from ${at} on`);
  }

  const known = values[apiClient] || (before?.apiClientId ?? null);
  if (known !== null && !values[apiClient] && !whatIf) keep(apiClient, known);
  const { patienceMs = 3_000 } = preparation;
  const keepClient = (clientId: string) => keep(apiClient, clientId);
  await register({ ask: graph, clientId: known, environmentName, whatIf, say, keep: keepClient, patienceMs });
}

function needed(values: Preparation["values"], name: string): string {
  const value = values[name];
  if (!value)
    throw new Error(`${name} is not set: run this by azd, in an environment that has it (azd env set ${name} …)`);
  return value;
}
