/** The environment variables we read: their form, and what to write where it is wrong. */
import { z } from "zod";

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

const safeUrl = z.string().refine(isSafeUrl, "write an https URL (http only for this machine)");

const resource = (example: string) =>
  z
    .string()
    .refine((url) => URL.canParse(url), `write a resource, for example ${example}`)
    .optional();

const namespaceHost = z
  .string()
  .regex(/^[\w-]+(\.[\w-]+)+$/, "write a host name, for example contoso.servicebus.windows.net");

/** Every variable by its name, with what a wrong one should be. */
export const Variables = z.object({
  TOURNIQUET_POLICY_FILE: z.string().default("policy.yaml"),
  TOURNIQUET_SIGNING_KEY_FILE: z.string().optional(),
  TOURNIQUET_SIGNING_KEY_ID: z
    .string()
    .refine(isKeyId, "write a key identifier, for example https://contoso.vault.azure.net/keys/tourniquet")
    .optional(),
  TOURNIQUET_KEY_VAULT_AUDIENCE: resource("https://vault.azure.net"),
  TOURNIQUET_GRAPH_URL: origin("https://graph.microsoft.com"),
  TOURNIQUET_GRAPH_AUDIENCE: resource("https://graph.microsoft.com"),
  TOURNIQUET_ARM_URL: origin("https://management.azure.com"),
  TOURNIQUET_ARM_AUDIENCE: resource("https://management.azure.com"),
  TOURNIQUET_WEBHOOK_URL: safeUrl.optional(),
  TOURNIQUET_WEBHOOK_SECRET: z
    .string()
    .regex(
      /^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/,
      "write at least 24 random bytes in base64, for example from: openssl rand -base64 32",
    )
    .optional(),
  TOURNIQUET_TEAMS_URL: safeUrl.optional(),
  TOURNIQUET_SLACK_TOKEN: z.string().min(1).optional(),
  TOURNIQUET_SLACK_CHANNEL: z
    .string()
    .regex(/^[A-Z0-9]{2,}$/, "write the channel's id (C…), not its name")
    .optional(),
  TOURNIQUET_SLACK_API_URL: origin("https://slack.com"),
  TOURNIQUET_PUBLIC_URL: safeUrl.transform((url) => url.replace(/\/+$/, "")).optional(),
  WEBSITE_AUTH_ENABLED: z.string().optional(),
  WEBSITE_HOSTNAME: z.string().optional(),
  EventHubs: z
    .string()
    .regex(
      /Endpoint=sb:\/\/[^;]+.*SharedAccessKey=/is,
      "write an Event Hubs connection string (Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…)",
    )
    .optional(),
  EventHubs__fullyQualifiedNamespace: namespaceHost.optional(),
  EntraHubs__fullyQualifiedNamespace: namespaceHost.optional(),
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
  // the host's own setting: it reads and judges it, we only tell what it is
  AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc: z.string().optional(),
  TOURNIQUET_REQUEST_TIMEOUT_MS: milliseconds(20_000, 120_000),
  TOURNIQUET_LEASE_MARGIN_MS: milliseconds(10_000, 120_000),
  WEBSITE_INSTANCE_ID: z.string().optional(),
});
export type Variables = z.infer<typeof Variables>;

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

/** Without a version the newest signs; see Key Vault's object identifiers. */
function isKeyId(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !isSafeUrl(text)) return false;
  const isBare = url.href === `${url.origin}${url.pathname}`;
  return isBare && /^\/keys\/[0-9A-Za-z-]{1,127}(\/[0-9a-f]{32})?$/.test(url.pathname);
}
