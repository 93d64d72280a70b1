/** No template knows a key, hands one on, or leaves a door open that takes one. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Fields, type Resource, readTemplates, type Template } from "../support/bicep.ts";
import builtInRoles from "./built-in-roles.json" with { type: "json" };

let templates: ReadonlyMap<string, Template>;
let resources: readonly Resource[];
beforeAll(async () => {
  templates = await readTemplates("infra");
  resources = [...templates.values()].flatMap((template) => template.resources);
});

/** Those that the templates make, of one type; none is a failure, as nothing seen is nothing checked. */
function made(type: string): readonly Resource[] {
  const found = resources.filter((one) => one.type === type && !one.existing);
  expect(found, `no ${type} in the templates`).not.toEqual([]);
  return found;
}

const propertiesOf = ({ body }: Resource) => body.properties as Fields;

describe("keys", () => {
  it("are asked for by no function, and stand in no string", () => {
    expect(templates.size).toBeGreaterThan(8);
    for (const { file, root } of templates.values()) {
      const called = root.descendantsOfType("call_expression").map((call) => call?.namedChildren[0]?.text ?? "");
      expect(
        called.filter((name) => /(^|\.)list[A-Z]/.test(name)),
        file,
      ).toEqual([]);
      const strings = root.descendantsOfType("string").map((node) => node?.text ?? "");
      const secret = /AccountKey=|SharedAccessKey=|SharedAccessSignature=|[?&]sig=|PRIVATE KEY|RootManage/i;
      expect(
        strings.filter((text) => secret.test(text)),
        file,
      ).toEqual([]);
    }
  });

  it("open no storage account, vault, workspace, telemetry, nor our own hubs", () => {
    for (const account of made("Microsoft.Storage/storageAccounts")) {
      expect(propertiesOf(account)).toMatchObject({ allowSharedKeyAccess: false, isLocalUserEnabled: false });
    }
    for (const vault of made("Microsoft.KeyVault/vaults")) {
      expect(propertiesOf(vault)).toMatchObject({ enableRbacAuthorization: true, enablePurgeProtection: true });
    }
    for (const workspace of made("Microsoft.OperationalInsights/workspaces")) {
      expect(propertiesOf(workspace)).toMatchObject({ features: { disableLocalAuth: true } });
    }
    for (const component of made("Microsoft.Insights/components")) {
      expect(propertiesOf(component)).toMatchObject({ DisableLocalAuth: true });
    }
    for (const namespace of made("Microsoft.EventHub/namespaces")) {
      expect(propertiesOf(namespace)).toMatchObject({ disableLocalAuth: { "=": "!isForEntra" } });
    }
  });

  it("are taken by one namespace, for the one rule that Entra sends by", () => {
    const uses = [...(templates.get("main.bicep")?.modules ?? [])].filter(({ path }) =>
      path.endsWith("event-hubs.bicep"),
    );
    expect(uses.map(({ symbol, params }) => [symbol, params.isForEntra])).toEqual([
      ["ownNamespace", false],
      ["entraNamespace", true],
    ]);
    const rules = resources.filter(({ type }) => /authorizationRules$/i.test(type));
    expect(rules.map(({ type, body }) => [type, body.name])).toEqual([
      ["Microsoft.EventHub/namespaces/authorizationRules", "entra-diagnostics"],
    ]);
  });

  it("and passwords deploy nothing: tokens do", () => {
    const [policies] = made("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
    expect(policies?.each).toEqual(["ftp", "scm"]);
    expect(policies?.body.properties).toEqual({ allow: false });
    const [app] = made("Microsoft.Web/sites");
    expect(app?.body.properties).toMatchObject({
      functionAppConfig: { deployment: { storage: { authentication: { type: "UserAssignedIdentity" } } } },
    });
  });
});

describe("what strangers reach", () => {
  it("is no blob", () => {
    for (const account of made("Microsoft.Storage/storageAccounts")) {
      expect(propertiesOf(account).allowBlobPublicAccess).toBe(false);
    }
    for (const container of made("Microsoft.Storage/storageAccounts/blobServices/containers")) {
      expect(propertiesOf(container).publicAccess).toBe("None");
    }
  });

  it("speaks TLS 1.2 at least", () => {
    for (const account of made("Microsoft.Storage/storageAccounts")) {
      expect(propertiesOf(account)).toMatchObject({ minimumTlsVersion: "TLS1_2", supportsHttpsTrafficOnly: true });
    }
    for (const namespace of made("Microsoft.EventHub/namespaces")) {
      expect(propertiesOf(namespace).minimumTlsVersion).toBe("1.2");
    }
    for (const app of made("Microsoft.Web/sites")) {
      expect(propertiesOf(app)).toMatchObject({ httpsOnly: true, siteConfig: { minTlsVersion: "1.2" } });
    }
  });
});

describe("roles", () => {
  it("are Azure's own, each with the name that its comment says, and none rules over others", () => {
    const named = builtInRoles as Readonly<Record<string, string>>;
    const ids = [...templates.values()].flatMap(({ root }) =>
      root.descendantsOfType("string").filter((node) => /^'[0-9a-f]{8}-[0-9a-f-]{27}'$/.test(node?.text ?? "")),
    );
    expect(ids.length).toBeGreaterThan(5);
    for (const node of ids) {
      const comment = node?.parent?.nextNamedSibling;
      expect([comment?.type, comment?.startPosition.row]).toEqual(["comment", node?.startPosition.row]);
      expect(named[node?.text.slice(1, -1) ?? ""]).toBe(comment?.text.replace("// ", ""));
      expect(comment?.text).not.toMatch(/\/ (Owner|Contributor|Reader|.*(Administrator|Officer|Hubs Data Owner))$/);
    }
    expect(resources.filter(({ type }) => type === "Microsoft.Authorization/roleDefinitions")).toEqual([]);
  });

  it("are given one by one, each where it is needed, and no others", () => {
    const given = made("Microsoft.Authorization/roleAssignments").map(({ each, body }) => {
      const { roleDefinitionId } = body.properties as Fields;
      const role = /^subscriptionResourceId\('Microsoft.Authorization\/roleDefinitions', ([\w.]+)\)$/;
      const one = role.exec((roleDefinitionId as { "=": string })["="])?.[1];
      const scope = (body.scope as { "=": string })["="];
      return one === "role" ? [scope, (each as { "=": string }[]).map((item) => item["="])] : [scope, [one]];
    });
    expect(given).toEqual([
      ["hostStorage", ["roles.blobOwner", "roles.queueContributor", "roles.tableContributor"]],
      ["stateStorage", ["roles.tableContributor"]],
      ["entraHub[index]", ["roles.hubReceiver"]],
      ["ownNamespace::plans", ["roles.hubReceiver"]],
      ["ownNamespace::plans", ["roles.hubSender"]],
      ["ownNamespace::outcomes", ["roles.hubSender"]],
      ["vault::key", ["roles.cryptoUser"]],
      ["vault", ["roles.secretsUser"]],
      ["component", ["roles.metricsPublisher"]],
    ]);
  });
});

const types = join("..", "shared", "bicep-check", "types");
it.skipIf(!existsSync(types))("every resource type is used at a version that the checker holds", () => {
  const names = readdirSync(types).flatMap((file) => {
    const parsed = JSON.parse(readFileSync(join(types, file), "utf8")) as Record<
      string,
      { $type: string; name: string }
    >;
    return Object.values(parsed).flatMap(({ $type, name }) => ($type === "ResourceType" ? [name.toLowerCase()] : []));
  });
  const used = new Set(resources.map(({ type, version }) => `${type}@${version}`.toLowerCase()));
  expect(used.size).toBeGreaterThan(15);
  expect([...used].filter((name) => !names.includes(name))).toEqual([]);
});
