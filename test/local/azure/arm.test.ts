/**
 * Azure Resource Manager of the twin. No description of it comes with Graph's, so the shapes are compared here with those the
 * REST reference prints.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TwinOptions } from "../../../local/tenant/options.ts";
import { createTenantTwin, type Twin } from "../../../local/tenant/twin.ts";

const admin = { kind: "user", id: "a", userPrincipalName: "admin@contoso.example", ipAddress: "203.0.113.9" } as const;
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const authorization = "api-version=2022-04-01";
const identity = "api-version=2024-11-30";

let twin: Twin;
let token = "";

async function start(options: TwinOptions = {}): Promise<void> {
  twin = await createTenantTwin({ quotas: "off", ...options });
  token = await tokenFor("https://management.azure.com");
}

async function tokenFor(resource: string): Promise<string> {
  const url = `${twin.identityEndpoint}?resource=${resource}&api-version=2019-08-01`;
  const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": twin.identityHeader } });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function ask(method: string, path: string, body?: object, bearer = token) {
  const url = path.startsWith("http") ? path : `${twin.armUrl}${path}`;
  const headers = { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(url, { method, headers, ...sent });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
}

beforeEach(() => start());
afterEach(() => twin.stop());

function listOf(subscription: string, principalId: string): string {
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  return `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleAssignments?$filter=${filter}&${authorization}`;
}

describe("role assignments", () => {
  it("are listed for a principal at, above and below a subscription, and shown as the reference shows them", async () => {
    const managed = twin.addManagedIdentity();
    const other = twin.addSubscription();
    const hands = twin.as(admin);
    const gift = { principalId: managed.id, roleDefinitionId: contributor };
    const id = hands.assignAzureRole(gift);
    hands.assignAzureRole({
      ...gift,
      roleDefinitionId: reader,
      scope: `/subscriptions/${twin.subscriptionId}/resourceGroups/rg`,
    });
    hands.assignAzureRole({ ...gift, scope: "/providers/Microsoft.Management/managementGroups/root" });
    hands.assignAzureRole({ ...gift, principalId: twin.addApplication().id });
    const answer = await ask("GET", listOf(twin.subscriptionId, managed.id));
    expect(answer.status).toBe(200);
    expect(answer.body.value).toHaveLength(3);
    const [first] = answer.body.value;
    expect(Object.keys(first).sort()).toEqual(["id", "name", "properties", "type"]);
    expect(first).toMatchObject({
      id,
      type: "Microsoft.Authorization/roleAssignments",
      properties: {
        scope: `/subscriptions/${twin.subscriptionId}`,
        principalId: managed.id,
        principalType: "ServicePrincipal",
        roleDefinitionId: expect.stringMatching(new RegExp(`/roleDefinitions/${contributor}$`)),
      },
    });
    expect((await ask("GET", listOf(other, managed.id))).body.value).toHaveLength(1);
  });

  it("go by id, come back by PUT, and a second delete finds nothing", async () => {
    const app = twin.addApplication();
    const id = twin.as(admin).assignAzureRole({ principalId: app.id, roleDefinitionId: contributor });
    const url = `${id}?${authorization}`;
    const { properties } = (await ask("GET", url)).body;
    expect((await ask("DELETE", url)).status).toBe(200);
    expect(await ask("GET", url)).toMatchObject({ status: 404, body: { error: { code: "RoleAssignmentNotFound" } } });
    expect((await ask("DELETE", url)).status).toBe(204);
    const { roleDefinitionId, principalId, principalType } = properties;
    const back = await ask("PUT", url, { properties: { roleDefinitionId, principalId, principalType } });
    expect(back).toMatchObject({ status: 201, body: { id, properties: { principalId } } });
    expect((await ask("PUT", url, { properties: { roleDefinitionId, principalId } })).status).toBe(409);
    expect(twin.state.azureRolesOf(app.id)).toHaveLength(1);
    const ours = twin.state
      .ourWrites()
      .map(({ method, version, status, effective }) => [method, version, status, effective]);
    expect(ours).toEqual([
      ["DELETE", "arm", 200, true],
      ["DELETE", "arm", 204, false],
      ["PUT", "arm", 201, true],
      ["PUT", "arm", 409, false],
    ]);
  });

  it("come in pages", async () => {
    const app = twin.addApplication();
    for (let n = 0; n < 25; n += 1) {
      const scope = `/subscriptions/${twin.subscriptionId}/resourceGroups/rg${n}`;
      twin.as(admin).assignAzureRole({ principalId: app.id, roleDefinitionId: reader, scope });
    }
    const first = await ask("GET", listOf(twin.subscriptionId, app.id));
    expect(first.body.nextLink).toMatch(new RegExp(`^${twin.armUrl}/`));
    const second = await ask("GET", first.body.nextLink);
    expect(second.body.nextLink).toBeUndefined();
    expect(new Set([...first.body.value, ...second.body.value].map(({ id }) => id)).size).toBe(25);
  });
});

describe("who may what", () => {
  it("lists only subscriptions that we may read, and refuses the rest with 403", async () => {
    const readable = twin.addSubscription({ access: "read" });
    const hidden = twin.addSubscription({ access: "none" });
    const app = twin.addApplication();
    const listed = await ask("GET", "/subscriptions?api-version=2022-12-01");
    const ids = listed.body.value.map((one: { subscriptionId: string }) => one.subscriptionId);
    expect(ids.sort()).toEqual([twin.subscriptionId, readable].sort());
    expect(await ask("GET", listOf(hidden, app.id))).toMatchObject({
      status: 403,
      body: { error: { code: "AuthorizationFailed" } },
    });
    const gift = { principalId: app.id, roleDefinitionId: reader };
    const id = twin.as(admin).assignAzureRole({ ...gift, scope: `/subscriptions/${readable}` });
    expect((await ask("GET", `${id}?${authorization}`)).status).toBe(200);
    expect((await ask("DELETE", `${id}?${authorization}`)).status).toBe(403);
    const inherited = twin
      .as(admin)
      .assignAzureRole({ ...gift, scope: "/providers/Microsoft.Management/managementGroups/root" });
    expect((await ask("DELETE", `${inherited}?${authorization}`)).status).toBe(403);
  });

  it("takes a token for Azure only", async () => {
    const path = "/subscriptions?api-version=2022-12-01";
    const graph = await tokenFor("https://graph.microsoft.com");
    expect(await ask("GET", path, undefined, graph)).toMatchObject({
      status: 401,
      body: { error: { code: "InvalidAuthenticationTokenAudience" } },
    });
    expect((await ask("GET", path, undefined, "a.b.c")).status).toBe(401);
    const headers = { Authorization: `Bearer ${token}` };
    expect((await fetch(`${twin.graphUrl}/v1.0/organization`, { headers })).status).toBe(401);
  });

  it("checks the api-version and the resource, and writes down what is not described", async () => {
    expect((await ask("GET", "/subscriptions")).body.error.code).toBe("MissingApiVersionParameter");
    expect((await ask("GET", "/subscriptions?api-version=1999-01-01")).body.error.code).toBe(
      "NoRegisteredProviderFound",
    );
    expect((await ask("GET", `/subscriptions/x/resourceGroups/y?${identity}`)).status).toBe(404);
    expect(twin.violations).toHaveLength(3);
    expect((await ask("GET", listOf("00000000-0000-4000-8000-000000000009", "x".repeat(3)))).body.error.code).toBe(
      "SubscriptionNotFound",
    );
  });

  it("throttles with Retry-After, and does what a fault says", async () => {
    await twin.stop();
    await start({ quotas: { azureReads: "empty" }, now: () => 1_000 });
    const refused = await ask("GET", "/subscriptions?api-version=2022-12-01");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    twin.faults.add({
      match: { path: /^\/arm\/subscriptions/ },
      effect: { status: 503, code: "ServerTimeout" },
      times: 1,
    });
    expect((await ask("GET", "/subscriptions?api-version=2022-12-01")).body.error.code).toBe("ServerTimeout");
  });
});

describe("user-assigned identities", () => {
  it("show who they are, and their federated credentials go and come back", async () => {
    const managed = twin.addManagedIdentity({ userAssigned: true });
    const resourceId = twin.state.servicePrincipal(managed.id)?.alternativeNames[1] ?? "";
    const found = await ask("GET", `${resourceId}?${identity}`);
    expect(found).toMatchObject({
      status: 200,
      body: { properties: { principalId: managed.id, clientId: managed.appId } },
    });
    const trust = { name: "build", issuer: "https://token.actions.githubusercontent.com", subject: "repo:x/y:ref:z" };
    const id = twin.as(admin).addIdentityFederatedCredential(resourceId, trust);
    const list = await ask("GET", `${resourceId}/federatedIdentityCredentials?${identity}`);
    expect(list.body.value).toMatchObject([
      { id, name: "build", properties: { audiences: ["api://AzureADTokenExchange"] } },
    ]);
    const { properties } = list.body.value[0];
    expect((await ask("DELETE", `${id}?${identity}`)).status).toBe(200);
    expect((await ask("DELETE", `${id}?${identity}`)).status).toBe(204);
    expect((await ask("GET", `${id}?${identity}`)).body.error.code).toBe("ResourceNotFound");
    expect((await ask("PUT", `${id}?${identity}`, { properties })).status).toBe(201);
    expect((await ask("PUT", `${id}?${identity}`, { properties })).status).toBe(200);
    expect(
      (await ask("PUT", `${resourceId}/federatedIdentityCredentials/other?${identity}`, { properties })).status,
    ).toBe(409);
    expect(twin.state.identityFederatedCredentials(resourceId)).toHaveLength(1);
  });
});
