import { describe, expect, it, test } from "vitest";
import { entraHubsConnection, readConfig } from "../../shared/config/env.ts";

const least = {
  TOURNIQUET_SIGNING_KEY_FILE: "signing-key.pem",
  EventHubs__fullyQualifiedNamespace: "contoso.servicebus.windows.net",
  State__tableServiceUri: "https://contoso.table.core.windows.net",
};

function problemsOf(environment: Record<string, string | undefined>): string {
  try {
    readConfig(environment);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
}

test("in Azure the least there is to say gets the documented defaults", () => {
  expect(readConfig({ ...least, PATH: "/bin", TOURNIQUET_WEBHOOK_URL: "" })).toEqual({
    policyFile: "policy.yaml",
    signingKey: { file: "signing-key.pem" },
    graphUrl: "https://graph.microsoft.com",
    graphAudience: "https://graph.microsoft.com",
    armUrl: "https://management.azure.com",
    armAudience: "https://management.azure.com",
    notifiers: { webhook: null, teams: null, slack: null },
    platformAuthentication: false,
    publicUrl: null,
    eventHubs: { fullyQualifiedNamespace: "contoso.servicebus.windows.net" },
    entraHubs: { fullyQualifiedNamespace: "contoso.servicebus.windows.net" },
    state: { tableServiceUri: "https://contoso.table.core.windows.net" },
    managedIdentityClientId: null,
    initialOffset: null,
    requestTimeoutMs: 20_000,
    leaseMarginMs: 10_000,
    instanceId: null,
  });
});

test("on a laptop connection strings and loopback addresses serve", () => {
  const config = readConfig({
    TOURNIQUET_SIGNING_KEY_FILE: "k.pem",
    TOURNIQUET_GRAPH_URL: "http://127.0.0.1:8080/",
    TOURNIQUET_REQUEST_TIMEOUT_MS: "2000",
    EventHubs: "Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=k;SharedAccessKey=v;UseDevelopmentEmulator=true",
    State: "UseDevelopmentStorage=true",
  });
  expect(config.graphUrl).toBe("http://127.0.0.1:8080");
  expect(config.requestTimeoutMs).toBe(2_000);
  expect(config.state).toEqual({ connectionString: "UseDevelopmentStorage=true" });
});

test("what Entra sends may have a namespace of its own, for the triggers and for reading an event again alike", () => {
  const entra = { EntraHubs__fullyQualifiedNamespace: "contoso-entra.servicebus.windows.net" };
  const { eventHubs, entraHubs } = readConfig({ ...least, ...entra });
  expect(eventHubs).toEqual({ fullyQualifiedNamespace: "contoso.servicebus.windows.net" });
  expect(entraHubs).toEqual({ fullyQualifiedNamespace: "contoso-entra.servicebus.windows.net" });
  expect(entraHubsConnection(entra)).toBe("EntraHubs");
  expect(entraHubsConnection({ EntraHubs__fullyQualifiedNamespace: " " })).toBe("EventHubs");
});

test("one error names every variable that is wrong and how to mend it", () => {
  const message = problemsOf({
    TOURNIQUET_GRAPH_URL: "http://graph.microsoft.com",
    TOURNIQUET_WEBHOOK_URL: "hook",
    AZURE_CLIENT_ID: "me",
    TOURNIQUET_REQUEST_TIMEOUT_MS: "20s",
    TOURNIQUET_LEASE_MARGIN_MS: "1",
    State: "UseDevelopmentStorage=true",
    State__tableServiceUri: "https://contoso.table.core.windows.net",
  });
  for (const name of [
    "SIGNING_KEY_ID: set it to the identifier of a Key Vault key, or TOURNIQUET_SIGNING_KEY_FILE",
    "GRAPH_URL: write an https",
    "WEBHOOK_URL: write",
    "AZURE_CLIENT_ID: write",
    "REQUEST_TIMEOUT_MS: write",
    "LEASE_MARGIN_MS: write",
    "EventHubs__fullyQualifiedNamespace: set",
    "State: remove",
  ]) {
    expect(message).toContain(name);
  }
});

test.each([
  ["TOURNIQUET_GRAPH_URL", "http://localhost.evil.example"],
  ["TOURNIQUET_GRAPH_URL", "http://127.0.0.1.evil.example"],
  ["TOURNIQUET_GRAPH_URL", "https://graph.microsoft.com/v1.0"],
  ["TOURNIQUET_GRAPH_URL", "https://user:pass@graph.microsoft.com"],
  ["State__tableServiceUri", "http://contoso.table.core.windows.net"],
  ["EventHubs__fullyQualifiedNamespace", "sb://contoso"],
  ["TOURNIQUET_WEBHOOK_URL", "http://hook.example"],
  ["TOURNIQUET_TEAMS_URL", "ftp://prod.logic.azure.com/workflows/1"],
  ["TOURNIQUET_PUBLIC_URL", "http://tourniquet.example"],
  ["TOURNIQUET_WEBHOOK_SECRET", "too short"],
  ["TOURNIQUET_SLACK_CHANNEL", "#incidents"],
  ["TOURNIQUET_SLACK_API_URL", "https://slack.com/api"],
])("%s refuses %s", (name, value) => {
  expect(problemsOf({ ...least, [name]: value })).toContain(`${name}: write`);
});

test("no value is repeated in the error: it may be a secret", () => {
  const message = problemsOf({ ...least, TOURNIQUET_WEBHOOK_URL: "hunter2", EventHubs: "hunter2", State: "hunter2" });
  expect(message).not.toContain("hunter2");
});

describe("the signing key", () => {
  const { TOURNIQUET_SIGNING_KEY_FILE: file, ...rest } = least;
  const withKey = (keyId: string, more = {}) => readConfig({ ...rest, TOURNIQUET_SIGNING_KEY_ID: keyId, ...more });

  it.each([
    ["https://contoso.vault.azure.net/keys/tourniquet", "https://vault.azure.net"],
    [`https://contoso.vault.azure.net/keys/Rows-1/${"0f".repeat(16)}`, "https://vault.azure.net"],
    ["https://contoso.vault.azure.cn/keys/tourniquet", "https://vault.azure.cn"],
    ["https://contoso.vault.usgovcloudapi.net/keys/tourniquet", "https://vault.usgovcloudapi.net"],
    ["https://contoso.managedhsm.azure.net/keys/tourniquet", "https://managedhsm.azure.net"],
  ])("lies in Key Vault at %s, and tokens for it are for %s", (keyId, audience) => {
    expect(withKey(keyId).signingKey).toEqual({ keyId, audience });
  });

  it("of a vault on this machine names its resource", () => {
    const keyId = "http://127.0.0.1:8081/keys/tourniquet";
    const audience = "https://vault.azure.net";
    expect(withKey(keyId, { TOURNIQUET_KEY_VAULT_AUDIENCE: audience }).signingKey).toEqual({ keyId, audience });
  });

  it.each([
    "contoso",
    "https://contoso.vault.azure.net",
    "https://contoso.vault.azure.net/keys",
    "https://contoso.vault.azure.net/keys/",
    "https://contoso.vault.azure.net/keys/tourniquet/",
    "https://contoso.vault.azure.net/keys/tourniquet/latest",
    `https://contoso.vault.azure.net/keys/tourniquet/${"0f".repeat(16)}/sign`,
    "https://contoso.vault.azure.net/secrets/tourniquet",
    "https://contoso.vault.azure.net/keys/tourniquet?api-version=7.4",
    "https://contoso.vault.azure.net/keys/tourniquet#1",
    "https://user:pass@contoso.vault.azure.net/keys/tourniquet",
    "https://contoso.vault.azure.net/keys/../keys/a/b/c",
    "http://contoso.vault.azure.net/keys/tourniquet",
  ])("is not %s", (keyId) => {
    expect(problemsOf({ ...rest, TOURNIQUET_SIGNING_KEY_ID: keyId })).toContain(
      "TOURNIQUET_SIGNING_KEY_ID: write a key identifier",
    );
  });

  it("is in one place: with both, neither is taken", () => {
    const both = { ...least, TOURNIQUET_SIGNING_KEY_ID: "https://contoso.vault.azure.net/keys/tourniquet" };
    expect(file).toBeDefined();
    expect(problemsOf(both)).toContain("TOURNIQUET_SIGNING_KEY_FILE: remove it or TOURNIQUET_SIGNING_KEY_ID");
  });
});

describe("who is told", () => {
  const url = "https://hook.example/x";
  const secret = `whsec_${"A".repeat(32)}`;

  it.each([
    [{ TOURNIQUET_WEBHOOK_URL: url }, { webhook: { url, secret: null } }],
    [{ TOURNIQUET_WEBHOOK_URL: url, TOURNIQUET_WEBHOOK_SECRET: secret }, { webhook: { url, secret } }],
    [{ TOURNIQUET_TEAMS_URL: url }, { teams: { url } }],
    [
      { TOURNIQUET_SLACK_TOKEN: "xoxb-1", TOURNIQUET_SLACK_CHANNEL: "C0123ABCD" },
      { slack: { token: "xoxb-1", channel: "C0123ABCD", apiUrl: "https://slack.com" } },
    ],
  ])("follows from %j", (variables, told) => {
    expect(readConfig({ ...least, ...variables }).notifiers).toEqual({
      webhook: null,
      teams: null,
      slack: null,
      ...told,
    });
  });

  it.each([
    ["TOURNIQUET_SLACK_TOKEN", "xoxb-1", "TOURNIQUET_SLACK_CHANNEL"],
    ["TOURNIQUET_SLACK_CHANNEL", "C0123ABCD", "TOURNIQUET_SLACK_TOKEN"],
    ["TOURNIQUET_WEBHOOK_SECRET", secret, "TOURNIQUET_WEBHOOK_URL"],
  ])("%s is of no use alone", (name, value, other) => {
    expect(problemsOf({ ...least, [name]: value })).toContain(`${other}: set it, as ${name} is set`);
  });
});

it.each([
  ["True", true],
  ["true", true],
  ["False", false],
  ["", false],
  ["1", false],
  [undefined, false],
])("WEBSITE_AUTH_ENABLED=%s: the platform's header is believed: %s", (value, believed) => {
  expect(readConfig({ ...least, WEBSITE_AUTH_ENABLED: value }).platformAuthentication).toBe(believed);
});

it("the public URL is what is set, else the host name that App Service tells", () => {
  const host = { ...least, WEBSITE_HOSTNAME: "contoso.azurewebsites.net" };
  expect(readConfig(host).publicUrl).toBe("https://contoso.azurewebsites.net");
  const set = { ...host, TOURNIQUET_PUBLIC_URL: "https://tourniquet.contoso.example/" };
  expect(readConfig(set).publicUrl).toBe("https://tourniquet.contoso.example");
});
