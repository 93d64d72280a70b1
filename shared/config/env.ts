/** The environment → Config: the only place that reads the process's environment. */
import { z } from "zod";
import { TerminalError } from "../domain/errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A connection string for a laptop, or a host that the managed identity may use. */
export type EventHubsConfig = { readonly connectionString: string } | { readonly fullyQualifiedNamespace: string };
export type StateConfig = { readonly connectionString: string } | { readonly tableServiceUri: string };

export interface Config {
  readonly policyFile: string;
  readonly signingKeyFile: string;
  readonly graphUrl: string;
  /** the resource our tokens are for; differs from the URL only where Graph is reached through something else */
  readonly graphAudience: string;
  /** Azure Resource Manager, and the resource our tokens for it are for */
  readonly armUrl: string;
  readonly armAudience: string;
  /** a secret: whoever has it can write to the channel */
  readonly webhookUrl: string | null;
  readonly eventHubs: EventHubsConfig;
  readonly state: StateConfig;
  /** client id of a user-assigned managed identity; null: the system-assigned one */
  readonly managedIdentityClientId: string | null;
  readonly requestTimeoutMs: number;
  readonly leaseMarginMs: number;
  /** names the instance in Azure; null elsewhere */
  readonly instanceId: string | null;
}

const milliseconds = (otherwise: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "write a whole number of milliseconds, for example 20000")
    .transform(Number)
    .refine((ms) => ms >= 100 && ms <= most, `write a number between 100 and ${most}`)
    .default(otherwise);

const origin = (otherwise: string) =>
  z
    .string()
    .default(otherwise)
    .refine(isSafeUrl, `write an https URL (http only for this machine), for example ${otherwise}`)
    .refine(isOrigin, "write only scheme and host: no path, query or user name")
    .transform((url) => url.replace(/\/+$/, ""));

const resource = (example: string) =>
  z
    .string()
    .refine((url) => URL.canParse(url), `write a resource, for example ${example}`)
    .optional();

const Variables = z.object({
  TOURNIQUET_POLICY_FILE: z.string().default("policy.yaml"),
  TOURNIQUET_SIGNING_KEY_FILE: z.string("set it to the path of a PEM file with a P-256 private key"),
  TOURNIQUET_GRAPH_URL: origin("https://graph.microsoft.com"),
  TOURNIQUET_GRAPH_AUDIENCE: resource("https://graph.microsoft.com"),
  TOURNIQUET_ARM_URL: origin("https://management.azure.com"),
  TOURNIQUET_ARM_AUDIENCE: resource("https://management.azure.com"),
  TOURNIQUET_WEBHOOK_URL: z.string().refine(isSafeUrl, "write an https URL (http only for this machine)").optional(),
  EventHubs: z
    .string()
    .regex(
      /Endpoint=sb:\/\/[^;]+.*SharedAccessKey=/is,
      "write an Event Hubs connection string (Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…)",
    )
    .optional(),
  EventHubs__fullyQualifiedNamespace: z
    .string()
    .regex(/^[\w-]+(\.[\w-]+)+$/, "write a host name, for example contoso.servicebus.windows.net")
    .optional(),
  State: z
    .string()
    .regex(
      /UseDevelopmentStorage=true|AccountKey=|SharedAccessSignature=/i,
      "write a storage connection string (…AccountName=…;AccountKey=…)",
    )
    .optional(),
  State__tableServiceUri: z
    .string()
    .refine(isSafeUrl, "write an https URL, for example https://contoso.table.core.windows.net")
    .optional(),
  AZURE_CLIENT_ID: z.guid("write the client id (a GUID) of the user-assigned managed identity").optional(),
  TOURNIQUET_REQUEST_TIMEOUT_MS: milliseconds(20_000, 120_000),
  TOURNIQUET_LEASE_MARGIN_MS: milliseconds(10_000, 120_000),
  WEBSITE_INSTANCE_ID: z.string().optional(),
});
type Variables = z.infer<typeof Variables>;

/** Throws one TerminalError `bad-configuration` that lists every variable that is wrong and how to mend it; never a value. */
export function readConfig(environment: Environment = process.env): Config {
  // A variable set to nothing means "not set": app settings cannot be unset in every tool.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = Variables.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  const eventHubs = connectionOf(given, "EventHubs", "EventHubs__fullyQualifiedNamespace", problems);
  const state = connectionOf(given, "State", "State__tableServiceUri", problems);
  if (!parsed.success || eventHubs === null || state === null) throw badConfiguration(problems);
  return toConfig(
    parsed.data,
    eventHubs.by === "EventHubs" ? { connectionString: eventHubs.value } : { fullyQualifiedNamespace: eventHubs.value },
    state.by === "State" ? { connectionString: state.value } : { tableServiceUri: state.value },
  );
}

/** Exactly one of the two ways to connect. */
function connectionOf(
  given: Environment,
  byString: string,
  byIdentity: string,
  problems: string[],
): { readonly by: string; readonly value: string } | null {
  const set = [byString, byIdentity].filter((name) => given[name] !== undefined);
  if (set.length === 0)
    problems.push(`${byIdentity}: set it (managed identity), or ${byString} to a connection string`);
  if (set.length === 2) problems.push(`${byString}: remove it or ${byIdentity}; both are set and only one can count`);
  const [by] = set;
  return by === undefined || set.length !== 1 ? null : { by, value: given[by] ?? "" };
}

function toConfig(variables: Variables, eventHubs: EventHubsConfig, state: StateConfig): Config {
  return {
    policyFile: variables.TOURNIQUET_POLICY_FILE,
    signingKeyFile: variables.TOURNIQUET_SIGNING_KEY_FILE,
    graphUrl: variables.TOURNIQUET_GRAPH_URL,
    graphAudience: variables.TOURNIQUET_GRAPH_AUDIENCE ?? variables.TOURNIQUET_GRAPH_URL,
    armUrl: variables.TOURNIQUET_ARM_URL,
    armAudience: variables.TOURNIQUET_ARM_AUDIENCE ?? variables.TOURNIQUET_ARM_URL,
    webhookUrl: variables.TOURNIQUET_WEBHOOK_URL ?? null,
    eventHubs,
    state,
    managedIdentityClientId: variables.AZURE_CLIENT_ID ?? null,
    requestTimeoutMs: variables.TOURNIQUET_REQUEST_TIMEOUT_MS,
    leaseMarginMs: variables.TOURNIQUET_LEASE_MARGIN_MS,
    instanceId: variables.WEBSITE_INSTANCE_ID ?? null,
  };
}

function badConfiguration(problems: readonly string[]): TerminalError {
  const lines = problems.map((problem) => `  - ${problem}`).join("\n");
  return new TerminalError(`The configuration cannot be used; mend these environment variables:\n${lines}`, {
    code: "bad-configuration",
  });
}

/** https everywhere; plain http only to this machine, where nobody can listen in. */
function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol === "https:") return true;
  return url?.protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    url.pathname === "/" &&
    url.search === "" &&
    url.hash === "" &&
    url.username === "" &&
    url.password === ""
  );
}
