/** The environment → Config: the only place that reads the process's environment. */
import { TerminalError } from "../domain/errors.ts";
import type { Config, EventHubsConfig, NotifierConfig } from "./config.ts";
import { Variables } from "./variables.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws one TerminalError `bad-configuration` that lists every variable that is wrong and how to mend it; never a value. */
export function readConfig(environment: Environment = process.env): Config {
  // A variable set to nothing means "not set": app settings cannot be unset in every tool.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = Variables.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  const eventHubs = oneOf(given, "EventHubs", "EventHubs__fullyQualifiedNamespace", problems);
  const state = oneOf(given, "State", "State__tableServiceUri", problems);
  const key = oneOf(given, "TOURNIQUET_SIGNING_KEY_FILE", "TOURNIQUET_SIGNING_KEY_ID", problems);
  checkPairs(given, problems);
  if (!parsed.success || eventHubs === null || state === null || key === null || problems.length > 0)
    throw badConfiguration(problems);
  const own: EventHubsConfig =
    eventHubs.by === "EventHubs" ? { connectionString: eventHubs.value } : { fullyQualifiedNamespace: eventHubs.value };
  const entra = parsed.data.EntraHubs__fullyQualifiedNamespace;
  return {
    ...toConfig(parsed.data),
    eventHubs: own,
    entraHubs: entra === undefined ? own : { fullyQualifiedNamespace: entra },
    state: state.by === "State" ? { connectionString: state.value } : { tableServiceUri: state.value },
    signingKey:
      key.by === "TOURNIQUET_SIGNING_KEY_FILE"
        ? { file: key.value }
        : { keyId: key.value, audience: parsed.data.TOURNIQUET_KEY_VAULT_AUDIENCE ?? vaultAudience(key.value) },
  };
}

/** The connection, as triggers name it, of the hubs that Entra sends to: `EntraHubs` where it is set up, else that of all hubs. */
export function entraHubsConnection(environment: Environment = process.env): "EntraHubs" | "EventHubs" {
  return environment.EntraHubs__fullyQualifiedNamespace?.trim() ? "EntraHubs" : "EventHubs";
}

/** What is of no use alone. */
function checkPairs(given: Environment, problems: string[]): void {
  const pairs = [
    ["TOURNIQUET_SLACK_TOKEN", "TOURNIQUET_SLACK_CHANNEL"],
    ["TOURNIQUET_SLACK_CHANNEL", "TOURNIQUET_SLACK_TOKEN"],
    ["TOURNIQUET_WEBHOOK_SECRET", "TOURNIQUET_WEBHOOK_URL"],
  ] as const;
  for (const [one, other] of pairs)
    if (given[one] !== undefined && given[other] === undefined) problems.push(`${other}: set it, as ${one} is set`);
}

const oneIsNeeded: Readonly<Record<string, string>> = {
  EventHubs__fullyQualifiedNamespace: "set it (managed identity), or EventHubs to a connection string",
  State__tableServiceUri: "set it (managed identity), or State to a connection string",
  TOURNIQUET_SIGNING_KEY_ID:
    "set it to the identifier of a Key Vault key, or TOURNIQUET_SIGNING_KEY_FILE to the path of a PEM file with a P-256 private key",
};

/** Exactly one of the two. */
function oneOf(
  given: Environment,
  byString: string,
  byIdentity: string,
  problems: string[],
): { readonly by: string; readonly value: string } | null {
  const set = [byString, byIdentity].filter((name) => given[name] !== undefined);
  if (set.length === 0) problems.push(`${byIdentity}: ${oneIsNeeded[byIdentity]}`);
  if (set.length === 2) problems.push(`${byString}: remove it or ${byIdentity}; both are set and only one can count`);
  const [by] = set;
  return by === undefined || set.length !== 1 ? null : { by, value: given[by] ?? "" };
}

function toConfig(variables: Variables): Omit<Config, "eventHubs" | "entraHubs" | "state" | "signingKey"> {
  return {
    policyFile: variables.TOURNIQUET_POLICY_FILE,
    graphUrl: variables.TOURNIQUET_GRAPH_URL,
    graphAudience: variables.TOURNIQUET_GRAPH_AUDIENCE ?? variables.TOURNIQUET_GRAPH_URL,
    armUrl: variables.TOURNIQUET_ARM_URL,
    armAudience: variables.TOURNIQUET_ARM_AUDIENCE ?? variables.TOURNIQUET_ARM_URL,
    notifiers: notifiersOf(variables),
    platformAuthentication: variables.WEBSITE_AUTH_ENABLED?.toLowerCase() === "true",
    publicUrl: publicUrlOf(variables),
    managedIdentityClientId: variables.AZURE_CLIENT_ID ?? null,
    initialOffset:
      variables.AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc ?? null,
    requestTimeoutMs: variables.TOURNIQUET_REQUEST_TIMEOUT_MS,
    leaseMarginMs: variables.TOURNIQUET_LEASE_MARGIN_MS,
    instanceId: variables.WEBSITE_INSTANCE_ID ?? null,
  };
}

function notifiersOf(variables: Variables): NotifierConfig {
  const {
    TOURNIQUET_WEBHOOK_URL: url,
    TOURNIQUET_WEBHOOK_SECRET: secret,
    TOURNIQUET_TEAMS_URL: teams,
    TOURNIQUET_SLACK_TOKEN: token,
    TOURNIQUET_SLACK_CHANNEL: channel,
    TOURNIQUET_SLACK_API_URL: apiUrl,
  } = variables;
  return {
    webhook: url === undefined ? null : { url, secret: secret ?? null },
    teams: teams === undefined ? null : { url: teams },
    slack: token === undefined || channel === undefined ? null : { token, channel, apiUrl },
  };
}

/** App Service tells its host name. */
function publicUrlOf({ TOURNIQUET_PUBLIC_URL, WEBSITE_HOSTNAME }: Variables): string | null {
  return TOURNIQUET_PUBLIC_URL ?? (WEBSITE_HOSTNAME === undefined ? null : `https://${WEBSITE_HOSTNAME}`);
}

/** A vault's resource is its host without its own name, in every cloud: contoso.vault.azure.cn → https://vault.azure.cn. */
function vaultAudience(keyId: string): string {
  const { hostname } = new URL(keyId);
  return `https://${hostname.slice(hostname.indexOf(".") + 1)}`;
}

function badConfiguration(problems: readonly string[]): TerminalError {
  const lines = problems.map((problem) => `  - ${problem}`).join("\n");
  return new TerminalError(`The configuration cannot be used; mend these environment variables:\n${lines}`, {
    code: "bad-configuration",
  });
}
