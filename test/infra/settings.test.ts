/** What the app is told in Azure is what it reads: no setting for nobody, and none that is read and forgotten. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { Variables } from "../../shared/config/variables.ts";
import { type Fields, readTemplates, type Template } from "../support/bicep.ts";

/** Read by the Functions host and its extensions. */
const hostReads: Readonly<Record<string, string>> = {
  AzureWebJobsStorage__blobServiceUri: "locks, timers, checkpoints, function keys",
  AzureWebJobsStorage__queueServiceUri: "queues of the host",
  AzureWebJobsStorage__tableServiceUri: "diagnostic events of the host",
  AzureWebJobsStorage__credential: "as whom",
  AzureWebJobsStorage__clientId: "as which user-assigned identity",
  EventHubs__credential: "the trigger of the writer, as whom",
  EventHubs__clientId: "as which user-assigned identity",
  EntraHubs__credential: "the triggers of ingest, as whom",
  EntraHubs__clientId: "as which user-assigned identity",
  APPLICATIONINSIGHTS_CONNECTION_STRING: "where telemetry goes",
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "as whom it is sent",
  AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc: "overrides host.json",
};

/** Read by the code and set by no template. */
const optional: Readonly<Record<string, string>> = {
  TOURNIQUET_SIGNING_KEY_FILE: "a laptop's; the vault has the key in Azure",
  TOURNIQUET_KEY_VAULT_AUDIENCE: "follows from the vault's host in every cloud",
  TOURNIQUET_GRAPH_AUDIENCE: "is the URL of Graph, but behind a proxy",
  TOURNIQUET_ARM_AUDIENCE: "is the URL of Resource Manager, but behind a proxy",
  TOURNIQUET_SLACK_CHANNEL: "moreSettings, with the token as a secret",
  TOURNIQUET_SLACK_API_URL: "moreSettings, for a Slack of one's own",
  TOURNIQUET_PUBLIC_URL: "moreSettings, where the API has another address than App Service gives it",
  TOURNIQUET_REQUEST_TIMEOUT_MS: "moreSettings; the default is what was measured",
  TOURNIQUET_LEASE_MARGIN_MS: "moreSettings; the default is what was measured",
  EventHubs: "a connection string, of a laptop",
  State: "a connection string, of a laptop",
  WEBSITE_AUTH_ENABLED: "set by App Service while its authentication is on",
  WEBSITE_HOSTNAME: "set by App Service",
  WEBSITE_INSTANCE_ID: "set by App Service",
};

let set: Fields;
let secrets: readonly string[];
let templates: ReadonlyMap<string, Template>;
beforeAll(async () => {
  templates = await readTemplates("infra");
  // union(moreSettings, secrets, { … }): ours win over what somebody adds
  const root = templates.get("modules/settings.bicep")?.root;
  const union = root?.descendantsOfType("call_expression").find((call) => call?.namedChildren[0]?.text === "union");
  const names = union?.namedChildren.at(-1)?.namedChildren.at(-1)?.descendantsOfType("object_property") ?? [];
  set = Object.fromEntries(names.map((node) => [node?.namedChildren[0]?.text, node?.namedChildren[1]?.text ?? ""]));
  const declared = templates.get("main.bicep")?.root.descendantsOfType("type_declaration") ?? [];
  const text = declared.find((node) => node?.text.includes("SecretSetting"))?.text ?? "";
  secrets = [...text.matchAll(/'(\w+)'/g)].map(([, name = ""]) => name);
});

it("sets every variable that the code reads, or says why not", () => {
  const reads = Object.keys(Variables.shape);
  expect(reads.filter((name) => !(name in set) && !secrets.includes(name) && !(name in optional))).toEqual([]);
  expect(Object.keys(optional).filter((name) => name in set || !reads.includes(name))).toEqual([]);
});

it("sets none that nobody reads", () => {
  const names = Object.keys(set);
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !(name in Variables.shape) && !(name in hostReads))).toEqual([]);
  expect(Object.keys(hostReads).filter((name) => !names.includes(name))).toEqual([]);
  expect(secrets.length).toBeGreaterThan(0);
  expect(secrets.filter((name) => !(name in Variables.shape))).toEqual([]);
});

it("names the connections that the triggers name, each with an identity and no connection string", () => {
  const connections = Object.keys(set).flatMap((name) => /^(\w+)__fullyQualifiedNamespace$/.exec(name)?.[1] ?? []);
  expect(connections.toSorted()).toEqual(["EntraHubs", "EventHubs"]);
  const main = readFileSync("functions/main.ts", "utf8");
  expect(main).toContain('connection: "EventHubs"');
  expect(main).toContain("entraHubsConnection()");
  for (const name of [...connections, "AzureWebJobsStorage"]) {
    expect(set[`${name}__credential`]).toBe("'managedidentity'");
    expect(set[`${name}__clientId`]).toBe("identityClientId");
    expect(set).not.toHaveProperty(name);
  }
});

it("sends host and state to storage accounts of their own", () => {
  const modules = templates.get("main.bicep")?.modules ?? [];
  const accounts = modules.filter(({ path }) => path.endsWith("storage.bicep"));
  expect(accounts.map(({ symbol }) => symbol)).toEqual(["hostStorage", "stateStorage"]);
  expect(new Set(accounts.map(({ params }) => JSON.stringify(params.name))).size).toBe(2);
  const given = modules.find(({ symbol }) => symbol === "settings")?.params;
  expect(given).toMatchObject({
    hostBlobUri: { "=": "hostStorage.outputs.blobUri" },
    hostQueueUri: { "=": "hostStorage.outputs.queueUri" },
    hostTableUri: { "=": "hostStorage.outputs.tableUri" },
    stateTableUri: { "=": "stateStorage.outputs.tableUri" },
    ownHubsHost: { "=": "ownNamespace.outputs.host" },
    entraHubsHost: { "=": "entraNamespace.outputs.host" },
  });
  expect(set).toMatchObject({ State__tableServiceUri: "stateTableUri" });
  // the one with the ledger cannot be deleted by accident
  expect(accounts.map(({ params }) => params.lock)).toEqual([false, { "=": "lock" }]);
});

it("begins to read events at a time that is given, and never works one out anew", () => {
  expect(set).toMatchObject({
    AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc: "firstDeployedAt",
  });
  const called = [...templates.values()].flatMap(({ root }) =>
    root.descendantsOfType("call_expression").map((call) => call?.namedChildren[0]?.text),
  );
  expect(called.length).toBeGreaterThan(20);
  expect(called.filter((name) => name === "utcNow" || name === "newGuid")).toEqual([]);
  expect(templates.get("main.bicep")?.parameters.firstDeployedAt).toBeNull();
});

it("is deployed by the workflow with whatever azd would remember on a laptop", () => {
  const calls = templates.get("main.bicepparam")?.root.descendantsOfType("call_expression") ?? [];
  const read = calls.flatMap((call) => /^readEnvironmentVariable\('(\w+)'/.exec(call?.text ?? "")?.[1] ?? []);
  const found = ["TOURNIQUET_FIRST_DEPLOYED_AT", "TOURNIQUET_API_CLIENT_ID"]; // in the resource group's tags
  const publicCloud = ["TOURNIQUET_GRAPH_URL"];
  const workflow = readFileSync(".github/workflows/deploy.yml", "utf8");
  expect(read.length).toBeGreaterThan(8);
  const passed = read.filter((name) => workflow.includes(`${name}: \${{ vars.${name} }}`));
  expect([...passed, ...found, ...publicCloud].toSorted()).toEqual(read.toSorted());
});

it("has a value for every parameter that needs one, and gives none that is not there", () => {
  const known = templates.get("main.bicep")?.parameters ?? {};
  const given = Object.keys(templates.get("main.bicepparam")?.parameters ?? {});
  const needed = Object.entries(known).flatMap(([name, otherwise]) => (otherwise === null ? [name] : []));
  expect(needed.length).toBeGreaterThan(2);
  expect(needed.filter((name) => !given.includes(name))).toEqual([]);
  expect(given.filter((name) => !(name in known))).toEqual([]);
});
