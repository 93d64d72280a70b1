/** Objects, credentials and lists of the twin over real HTTP. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker } from "./ask.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker();
});
afterEach(async () => {
  await t.twin.stop();
});

test("a service principal answers under its object id and under its appId, quotes encoded or not", async () => {
  const app = t.twin.addApplication({ displayName: "payroll" });
  for (const key of [`/${app.id}`, `(appId='${app.appId}')`, `(appId=%27${app.appId}%27)`]) {
    const found = await t.ask("GET", `/v1.0/servicePrincipals${key}?$select=id,accountEnabled`);
    expect(found.status).toBe(200);
    expect(found.body).toMatchObject({ id: app.id, accountEnabled: true });
    expect(found.body).not.toHaveProperty("displayName");
  }
  const byApp = await t.ask("GET", `/v1.0/applications(appId='${app.appId}')`);
  expect(byApp.body).toMatchObject({ id: app.applicationId, displayName: "payroll" });
  const whole = await t.ask("GET", `/v1.0/servicePrincipals/${app.id}`);
  expect(whole.body.displayName).toBe("payroll");
  expect(t.twin.violations).toEqual([]);
});

test("what is not there is 404 Request_ResourceNotFound", async () => {
  const missing = await t.ask("GET", "/v1.0/servicePrincipals/00000000-0000-4000-8000-000000000009");
  expect([missing.status, missing.body.error.code]).toEqual([404, "Request_ResourceNotFound"]);
  expect(missing.body.error.innerError["request-id"]).toBe(missing.headers.get("request-id"));
});

test("the kinds of identities are told apart by type, owner tenant and alternative names", async () => {
  const foreign = t.twin.addForeign({});
  const managed = t.twin.addManagedIdentity({ userAssigned: true });
  const read = async (id: string) => (await t.ask("GET", `/v1.0/servicePrincipals/${id}`)).body;
  expect((await read(foreign.id)).appOwnerOrganizationId).not.toBe(t.twin.tenantId);
  expect(await read(managed.id)).toMatchObject({
    servicePrincipalType: "ManagedIdentity",
    appOwnerOrganizationId: null,
    alternativeNames: ["isExplicit=True", expect.stringContaining("/subscriptions/")],
  });
  expect(await read(t.twin.microsoftGraph.id)).toMatchObject({
    appId: "00000003-0000-0000-c000-000000000000",
    appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
  });
  expect(t.twin.violations).toEqual([]);
});

test("disabling works on applications, and on Microsoft Graph too, but not on managed identities", async () => {
  const app = t.twin.addApplication();
  const managed = t.twin.addManagedIdentity();
  const off = (id: string) => t.ask("PATCH", `/v1.0/servicePrincipals/${id}`, { accountEnabled: false });
  expect((await off(app.id)).status).toBe(204);
  expect((await off(t.twin.microsoftGraph.id)).status).toBe(204);
  expect(await off(managed.id)).toMatchObject({
    status: 403,
    body: { error: { code: "Authorization_RequestDenied" } },
  });
  expect(t.twin.state.servicePrincipal(app.id)?.accountEnabled).toBe(false);
  expect(t.twin.state.servicePrincipal(t.twin.microsoftGraph.appId)?.accountEnabled).toBe(false);
  expect(t.twin.state.servicePrincipal(managed.id)?.accountEnabled).toBe(true);
  await off(app.id);
  expect(t.twin.state.ourWrites().map((write) => [write.status, write.effective])).toEqual([
    [204, true],
    [204, true],
    [403, false],
    [204, false],
  ]);
  expect(t.twin.violations).toEqual([]);
});

test("removePassword takes exactly one secret, on the object it is on, and knows no second time", async () => {
  const app = t.twin.addApplication({ passwords: 2, servicePrincipalPasswords: 1 });
  const [first, second, onPrincipal] = app.secrets.map((secret) => secret.keyId);
  const remove = (path: string, keyId: string | undefined) => t.ask("POST", `/v1.0/${path}/removePassword`, { keyId });
  expect((await remove(`applications(appId='${app.appId}')`, first)).status).toBe(204);
  expect((await remove(`applications/${app.applicationId}`, first)).status).toBe(400);
  expect((await remove(`applications/${app.applicationId}`, onPrincipal)).status).toBe(400);
  expect((await remove(`servicePrincipals/${app.id}`, onPrincipal)).status).toBe(204);
  expect(t.twin.state.application(app.appId)?.passwordCredentials.map((one) => one.keyId)).toEqual([second]);
  expect(t.twin.state.servicePrincipal(app.id)?.passwordCredentials).toEqual([]);
  expect(t.twin.violations).toEqual([]);
});

test("addPassword tells the secret once; reads never do", async () => {
  const app = t.twin.addApplication();
  const added = await t.ask("POST", `/v1.0/applications/${app.applicationId}/addPassword`, {
    passwordCredential: { displayName: "ci" },
  });
  expect(added.body.secretText).toHaveLength(40);
  const read = await t.ask("GET", `/v1.0/applications/${app.applicationId}?$select=passwordCredentials`);
  expect(read.body.passwordCredentials).toMatchObject([
    { keyId: added.body.keyId, secretText: null, hint: added.body.hint },
  ]);
  const answer = t.twin.requestToken({ appId: app.appId, secret: added.body.secretText });
  expect(answer.ok).toBe(true);
  expect(t.twin.violations).toEqual([]);
});

test("key bytes come only with $select=keyCredentials on one object, never in lists", async () => {
  const app = t.twin.addApplication({ keys: 1 });
  const keyOf = (answer: { body: { keyCredentials: { key: string | null }[] } }) => answer.body.keyCredentials[0]?.key;
  const selected = await t.ask("GET", `/v1.0/applications/${app.applicationId}?$select=id,keyCredentials`);
  expect(keyOf(selected)).toEqual(expect.stringMatching(/^TUlJQ/));
  expect(keyOf(await t.ask("GET", `/v1.0/applications/${app.applicationId}`))).toBeNull();
  const listed = await t.ask("GET", "/v1.0/applications?$select=keyCredentials");
  expect(listed.body.value[0].keyCredentials[0].key).toBeNull();
  expect(t.twin.requests.count({ lane: "key-credentials" })).toBe(2);
});

test("a PATCH of keyCredentials replaces the whole list, keeps what is resent unchanged, refuses what is changed", async () => {
  const app = t.twin.addApplication({ keys: 3 });
  const path = `/v1.0/applications/${app.applicationId}`;
  const [one, two, three] = (await t.ask("GET", path)).body.keyCredentials;
  expect((await t.ask("PATCH", path, { keyCredentials: [{ ...one, key: null }, { keyId: two.keyId }] })).status).toBe(
    204,
  );
  expect(t.twin.state.application(app.appId)?.keyCredentials.map((key) => key.keyId)).toEqual([one.keyId, two.keyId]);
  expect(t.twin.state.application(app.appId)?.keyCredentials[0]?.key).not.toBeNull();
  const changed = await t.ask("PATCH", path, { keyCredentials: [{ ...one, displayName: "CN=else" }] });
  expect(changed.status).toBe(400);
  expect(changed.body.error.details[0].code).toBe("KeyNotUpdatable");
  const keyless = await t.ask("PATCH", path, { keyCredentials: [three] });
  expect(keyless.status).toBe(400);
  expect((await t.ask("PATCH", path, { keyCredentials: [] })).status).toBe(204);
  expect(t.twin.state.application(app.appId)?.keyCredentials).toEqual([]);
  expect(t.twin.violations).toEqual([]);
});

test("passwordCredentials cannot be patched, on either object", async () => {
  const app = t.twin.addApplication({ passwords: 1 });
  for (const path of [`applications/${app.applicationId}`, `servicePrincipals/${app.id}`]) {
    expect((await t.ask("PATCH", `/v1.0/${path}`, { passwordCredentials: [] })).status).toBe(400);
  }
});

test("who uses an identity and what it may do are two different lists", async () => {
  const client = t.twin.addApplication();
  const app = t.twin.addApplication({
    users: 2,
    clients: [client.id],
    graphAppRoleIds: ["9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"],
    delegatedScope: "User.Read",
    owners: [{ id: client.id, userPrincipalName: "owner@contoso.example" }],
  });
  const path = `/v1.0/servicePrincipals/${app.id}`;
  const usedBy = await t.ask("GET", `${path}/appRoleAssignedTo`);
  expect(usedBy.body.value.map((one: { principalType: string }) => one.principalType)).toEqual([
    "User",
    "User",
    "ServicePrincipal",
  ]);
  const holds = await t.ask("GET", `${path}/appRoleAssignments`);
  expect(holds.body.value).toMatchObject([{ principalId: app.id, resourceId: t.twin.microsoftGraph.id }]);
  const grants = await t.ask("GET", `/v1.0/oauth2PermissionGrants?$filter=clientId eq '${app.id}'`);
  expect(grants.body.value).toMatchObject([{ clientId: app.id, consentType: "AllPrincipals" }]);
  expect((await t.ask("GET", `${path}/owners`)).body.value).toMatchObject([
    { userPrincipalName: "owner@contoso.example" },
  ]);
  const id = holds.body.value[0].id;
  expect(
    (await t.ask("DELETE", `/v1.0/servicePrincipals/${t.twin.microsoftGraph.id}/appRoleAssignedTo/${id}`)).status,
  ).toBe(204);
  expect(t.twin.state.assignmentsOf(app.id)).toEqual([]);
  expect(t.twin.violations).toEqual([]);
});

test("deleting an application takes its service principal along; restoring brings back one of them", async () => {
  const app = t.twin.addApplication();
  expect((await t.ask("DELETE", `/v1.0/applications/${app.applicationId}`)).status).toBe(204);
  expect((await t.ask("GET", `/v1.0/servicePrincipals/${app.id}`)).status).toBe(404);
  const filter = `$filter=appId eq '${app.appId}'`;
  const deleted = await t.ask("GET", `/v1.0/directory/deletedItems/microsoft.graph.servicePrincipal?${filter}`);
  expect(deleted.body.value).toMatchObject([{ id: app.id }]);
  expect((await t.ask("POST", `/v1.0/directory/deletedItems/${app.applicationId}/restore`)).status).toBe(200);
  expect((await t.ask("GET", `/v1.0/applications/${app.applicationId}`)).status).toBe(200);
  expect((await t.ask("GET", `/v1.0/servicePrincipals/${app.id}`)).status).toBe(404);
  expect(t.twin.violations).toEqual([]);
});

test("the beta reports and application proxy show last use and publishing", async () => {
  const app = t.twin.addApplication({ lastUsedDaysAgo: 40, passwords: 1, appProxy: true });
  t.twin.addApplication();
  const used = await t.ask("GET", "/beta/reports/servicePrincipalSignInActivities");
  expect(used.body.value).toHaveLength(1);
  const days = (Date.now() - Date.parse(used.body.value[0].lastSignInActivity.lastSignInDateTime)) / 86_400_000;
  expect(Math.round(days)).toBe(40);
  const credentials = await t.ask("GET", `/beta/reports/appCredentialSignInActivities?$filter=appId eq '${app.appId}'`);
  expect(credentials.body.value).toMatchObject([{ keyId: app.secrets[0]?.keyId, keyType: "clientSecret" }]);
  const proxy = await t.ask("GET", `/beta/applications/${app.applicationId}?$select=id,onPremisesPublishing`);
  expect(proxy.body.onPremisesPublishing.externalUrl).toMatch(/^https:/);
  expect((await t.ask("GET", "/v1.0/organization")).body.value[0].id).toBe(t.twin.tenantId);
  expect(t.twin.violations).toEqual([]);
});

test("the same seed builds the same tenant", async () => {
  const other = await startAsker();
  expect(other.twin.addApplication({ passwords: 1 })).toEqual(t.twin.addApplication({ passwords: 1 }));
  await other.twin.stop();
});
