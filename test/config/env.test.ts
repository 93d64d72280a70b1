import { expect, test } from "vitest";
import { readConfig } from "../../shared/config/env.ts";

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
    signingKeyFile: "signing-key.pem",
    graphUrl: "https://graph.microsoft.com",
    graphAudience: "https://graph.microsoft.com",
    armUrl: "https://management.azure.com",
    armAudience: "https://management.azure.com",
    webhookUrl: null,
    eventHubs: { fullyQualifiedNamespace: "contoso.servicebus.windows.net" },
    state: { tableServiceUri: "https://contoso.table.core.windows.net" },
    managedIdentityClientId: null,
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
    "SIGNING_KEY_FILE: set",
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
])("%s refuses %s", (name, value) => {
  expect(problemsOf({ ...least, [name]: value })).toContain(`${name}: write`);
});

test("no value is repeated in the error: it may be a secret", () => {
  const message = problemsOf({ ...least, TOURNIQUET_WEBHOOK_URL: "hunter2", EventHubs: "hunter2", State: "hunter2" });
  expect(message).not.toContain("hunter2");
});
