/** The templates name the hubs, functions, routes and files that the code has. */
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { operations } from "../../functions/api/operations.ts";
import { LogCategory } from "../../shared/domain/event-facts.ts";
import { hubs, replayConsumerGroup } from "../../shared/domain/hubs.ts";
import { type Fields, readTemplates, type Template } from "../support/bicep.ts";

let templates: ReadonlyMap<string, Template>;
beforeAll(async () => {
  templates = await readTemplates("infra");
});

function made(file: string, type: string): readonly Fields[] {
  const found = templates.get(file)?.resources.filter((one) => one.type === type && !one.existing) ?? [];
  expect(found, `no ${type} in ${file}`).not.toEqual([]);
  return found.map(({ body }) => body);
}

const main = () => templates.get("main.bicep") as Template;
const hubsIn = (name: string) => main().variables[name] as readonly Fields[];
const moduleIn = (symbol: string) => main().modules.find((one) => one.symbol === symbol);

describe("hubs", () => {
  it("are those of the code, what Entra sends apart from ours", () => {
    expect(hubsIn("entraHubs").map(({ name }) => name)).toEqual([hubs.risk, hubs.audit, hubs.signIns]);
    expect(hubsIn("ownHubs").map(({ name }) => name)).toEqual([hubs.plans, hubs.outcomes]);
    expect(moduleIn("entraNamespace")?.params.hubs).toEqual(hubsIn("entraHubs"));
    expect(moduleIn("ownNamespace")?.params.hubs).toEqual(hubsIn("ownHubs"));
  });

  it("have one partition where there must be one reader", () => {
    const [plans] = hubsIn("ownHubs");
    expect(plans).toMatchObject({ name: hubs.plans, partitions: 1 });
    const [hub] = made("modules/event-hubs.bicep", "Microsoft.EventHub/namespaces/eventhubs");
    expect(hub?.properties).toMatchObject({ partitionCount: { "=": "one.partitions" } });
  });

  it("keep what Entra sends for as long as the tier can, and can be read again by a group of its own", () => {
    for (const hub of hubsIn("entraHubs")) expect(hub).toMatchObject({ retentionHours: 168, isReplayed: true });
    for (const hub of hubsIn("ownHubs")) expect(hub).toMatchObject({ isReplayed: false });
    const groups = made("modules/event-hubs.bicep", "Microsoft.EventHub/namespaces/eventhubs/consumergroups");
    expect(groups.map(({ name }) => name)).toEqual([replayConsumerGroup]);
  });

  it("are the ones that the identity may use", () => {
    const existing = templates.get("modules/access.bicep")?.resources ?? [];
    const nested = existing.filter(({ type }) => type === "Microsoft.EventHub/namespaces/eventhubs");
    expect(nested.flatMap(({ body }) => (typeof body.name === "string" ? [body.name] : []))).toEqual([
      hubs.plans,
      hubs.outcomes,
    ]);
    expect(moduleIn("access")?.params.hubsReadOfEntra).toEqual({ "=": "map(entraHubs, hub => hub.name)" });
  });
});

it("Entra sends every category that is read to a hub that is read, once, and no other", () => {
  const settings = made("entra-diagnostics.bicep", "microsoft.aadiam/diagnosticSettings");
  const sent = settings.map(({ properties }) => {
    const { eventHubName, logs } = properties as Fields;
    return [eventHubName, (logs as readonly Fields[]).map(({ category }) => category)] as const;
  });
  expect(sent.map(([hub]) => hub)).toEqual([hubs.risk, hubs.audit, hubs.signIns]);
  expect(sent.flatMap(([, categories]) => categories).toSorted()).toEqual(LogCategory.options.toSorted());
});

describe("the app", () => {
  const site = () => made("modules/app.bicep", "Microsoft.Web/sites")[0]?.properties as Fields;

  it("runs on the Node of the project", () => {
    // Of the lock, since the check on the oldest Node takes the development dependency away.
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const version = String(packages["node_modules/node"].version).split(".")[0];
    expect(site().functionAppConfig).toMatchObject({ runtime: { name: "node", version } });
  });

  it("keeps the writer and the ingest of risks ready", () => {
    const { scaleAndConcurrency } = site().functionAppConfig as Fields;
    const { alwaysReady } = scaleAndConcurrency as Fields;
    expect(alwaysReady).toEqual([
      { name: "function:run-plan", instanceCount: 1 },
      { name: "function:ingest-risk", instanceCount: 1 },
    ]);
    const registered = readFileSync("functions/main.ts", "utf8");
    for (const { name } of alwaysReady as readonly Fields[]) {
      expect(registered).toContain(`"${String(name).replace("function:", "")}"`);
    }
    expect(JSON.parse(readFileSync("host.json", "utf8")).functionTimeout).toMatch(/^\d\d:\d\d:\d\d$/);
  });

  it("lets nobody in without a token, except where the code asks for none", () => {
    const [authentication] = made("modules/app.bicep", "Microsoft.Web/sites/config");
    const open = operations.flatMap(({ route }) => (route.role === null ? [`/api${route.path}`] : []));
    expect(authentication).toMatchObject({
      name: "authsettingsV2",
      properties: {
        platform: { enabled: true },
        globalValidation: {
          requireAuthentication: true,
          unauthenticatedClientAction: "Return401",
          excludedPaths: ["/api/health", ...open],
        },
      },
    });
    expect(JSON.stringify(authentication)).not.toContain("ecret");
  });

  it("signs with a key on the curve that the signer speaks, and cannot do anything else with it", () => {
    const [key] = made("modules/vault.bicep", "Microsoft.KeyVault/vaults/keys");
    expect(key?.properties).toMatchObject({ kty: "EC", curveName: "P-256", keyOps: ["sign", "verify"] });
  });
});

describe("azd", () => {
  const project = parse(readFileSync("azure.yaml", "utf8"));
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));

  it("deploys the folder that is packed, as it is, to the app with its tag", () => {
    expect(project.services).toMatchObject({ app: { host: "function", dist: "release/app", remoteBuild: false } });
    expect(readFileSync("tools/package.ts", "utf8")).toContain('join("release", "app")');
    const [app] = made("modules/app.bicep", "Microsoft.Web/sites");
    expect(app?.tags).toEqual({ "=": "union(tags, { 'azd-service-name': 'app' })" });
    expect(existsSync(`${project.infra.path}/${project.infra.module}.bicepparam`)).toBe(true);
  });

  it("runs hooks that are there, the same on every system", () => {
    const hooks = [project.hooks.preprovision, project.services.app.hooks.prepackage];
    for (const { posix, windows } of hooks) {
      expect(posix.run).toBe(windows.run);
      expect(Object.keys(scripts)).toContain(posix.run.replace("npm run -s ", ""));
    }
  });
});

it("a rule of the linter that is broken is an error", () => {
  const { rules } = JSON.parse(readFileSync("bicepconfig.json", "utf8")).analyzers.core;
  expect(Object.keys(rules).length).toBeGreaterThan(20);
  expect(Object.values(rules).filter((rule) => (rule as { level: string }).level !== "error")).toEqual([]);
});
