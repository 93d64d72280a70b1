/** App roles and delegated grants over HTTP, and the records they leave. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker } from "./ask.ts";
import { activities, audits, mailRead, mallory, property } from "./people.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off" });
});
afterEach(async () => {
  expect(t.twin.violations).toEqual([]);
  await t.twin.stop();
});

test("an assignment is one thing seen from both ends, and goes from either end", async () => {
  const app = t.twin.addApplication();
  const graph = t.twin.microsoftGraph.id;
  const body = { principalId: app.id, resourceId: graph, appRoleId: mailRead };
  const made = await t.ask("POST", `/v1.0/servicePrincipals/${app.id}/appRoleAssignments`, body);
  expect(made.status).toBe(201);
  const seen = async (path: string) => (await t.ask("GET", `/v1.0/servicePrincipals/${path}`)).body.value;
  expect(await seen(`${app.id}/appRoleAssignments`)).toMatchObject([{ id: made.body.id }]);
  expect(await seen(`${graph}/appRoleAssignedTo`)).toMatchObject([{ id: made.body.id, principalId: app.id }]);
  const again = await t.ask("POST", `/v1.0/servicePrincipals/${graph}/appRoleAssignedTo`, body);
  expect([again.status, again.body.error.code]).toEqual([400, "Request_BadRequest"]);
  const one = `/v1.0/servicePrincipals/${graph}/appRoleAssignedTo/${made.body.id}`;
  expect((await t.ask("DELETE", `/v1.0/servicePrincipals/${app.id}/appRoleAssignedTo/${made.body.id}`)).status).toBe(
    404,
  );
  expect((await t.ask("DELETE", one)).status).toBe(204);
  expect((await t.ask("DELETE", one)).status).toBe(404);
  expect(t.twin.state.assignmentsOf(app.id)).toEqual([]);
});

test("a role the API does not offer, and ends that are not there, are refused", async () => {
  const app = t.twin.addApplication();
  const graph = t.twin.microsoftGraph.id;
  const unknown = "11111111-1111-4111-8111-111111111111";
  const post = (principalId: string, resourceId: string, appRoleId: string) =>
    t.ask("POST", `/v1.0/servicePrincipals/${graph}/appRoleAssignedTo`, { principalId, resourceId, appRoleId });
  expect((await post(app.id, graph, unknown)).status).toBe(400);
  expect((await post(unknown, graph, mailRead)).status).toBe(404);
  expect((await post(app.id, unknown, mailRead)).status).toBe(404);
});

test("the record of a granted role names the API first, the grantee second", () => {
  const app = t.twin.addApplication({ displayName: "legacy-test" });
  const exchange = t.twin.addExchangeOnline();
  const [role] = t.twin.state.servicePrincipal(exchange.id)?.appRoles ?? [];
  const gift = { principalId: app.id, resourceId: exchange.id, appRoleId: role?.id ?? "" };
  const id = t.twin.as(mallory).grantAppRole(gift);
  t.twin.as(mallory).takeAppRole(id);
  const [added, removed] = audits(t.records);
  expect(activities(t.records)).toEqual([
    "Add app role assignment to service principal",
    "Remove app role assignment from service principal",
  ]);
  expect(added.targetResources.map((one: { id: string }) => one.id)).toEqual([exchange.id, app.id]);
  expect(property(added.targetResources[0], "AppRole.Value").now).toBe("full_access_as_app");
  expect(property(added.targetResources[0], "ServicePrincipal.ObjectID")).toEqual({ old: undefined, now: app.id });
  expect(property(removed.targetResources[0], "ServicePrincipal.ObjectID").old).toBe(app.id);
});

test("grants are made, found by client, narrowed and taken away; both kinds may stand beside each other", async () => {
  const app = t.twin.addForeign();
  const userId = t.twin.addUser();
  const common = { clientId: app.id, resourceId: t.twin.microsoftGraph.id };
  const all = { ...common, consentType: "AllPrincipals", scope: "User.Read Mail.Read" };
  const made = await t.ask("POST", "/v1.0/oauth2PermissionGrants", all);
  expect(made.status).toBe(201);
  expect((await t.ask("POST", "/v1.0/oauth2PermissionGrants", all)).status).toBe(409);
  const own = { ...common, consentType: "Principal", principalId: userId, scope: "Files.Read" };
  expect((await t.ask("POST", "/v1.0/oauth2PermissionGrants", own)).status).toBe(201);
  const filter = `/v1.0/oauth2PermissionGrants?$filter=clientId eq '${app.id}'`;
  expect((await t.ask("GET", filter)).body.value).toHaveLength(2);
  expect((await t.ask("GET", `/v1.0/servicePrincipals/${app.id}/oauth2PermissionGrants`)).body.value).toHaveLength(2);
  const one = `/v1.0/oauth2PermissionGrants/${made.body.id}`;
  expect((await t.ask("PATCH", one, { scope: "User.Read" })).status).toBe(204);
  expect((await t.ask("GET", one)).body.scope).toBe("User.Read");
  expect((await t.ask("DELETE", one)).status).toBe(204);
  expect((await t.ask("DELETE", one)).status).toBe(404);
  expect(t.twin.state.grantsOf(app.id)).toMatchObject([{ principalId: userId }]);
  const [added] = audits(t.records);
  expect(activities(t.records)).toEqual([
    "Add delegated permission grant",
    "Add delegated permission grant",
    "Remove delegated permission grant",
    "Remove delegated permission grant",
  ]);
  expect(added.targetResources[0].id).toBe(t.twin.microsoftGraph.id);
  expect(property(added.targetResources[0], "ServicePrincipal.ObjectID").now).toBe(app.id);
});

test("a consent brings the foreign application in, and all its records share one correlation id", () => {
  const { appId } = t.twin.addForeignApplication({ displayName: "free-gift-cards" });
  const done = t.twin.as(mallory).consent({ appId, scope: "Mail.Read offline_access", appRoleIds: [mailRead] });
  expect(activities(t.records)).toEqual([
    "Add service principal",
    "Add delegated permission grant",
    "Add app role assignment to service principal",
    "Consent to application",
  ]);
  const records = audits(t.records);
  expect(new Set(records.map((one) => one.correlationId)).size).toBe(1);
  expect(records[3].targetResources[0]).toMatchObject({ id: done.servicePrincipalId, type: "ServicePrincipal" });
  expect(property(records[3].targetResources[0], "ConsentContext.IsAdminConsent").now).toBe("True");
  expect(property(records[3].targetResources[0], "ConsentAction.Permissions").now).toContain("Scope: Mail.Read");
  expect(t.twin.state.servicePrincipal(appId)).toMatchObject({ verifiedPublisher: null, accountEnabled: true });
});

test("without its own permission nobody touches roles on Microsoft Graph, and reading never suffices to write", async () => {
  await t.twin.stop();
  t = await startAsker({ runtimeRoles: ["Application.ReadWrite.All", "Directory.Read.All"] });
  const app = t.twin.addApplication({ graphAppRoleIds: [mailRead], delegatedScope: "User.Read" });
  const [held] = t.twin.state.assignmentsOf(app.id);
  const graph = `/v1.0/servicePrincipals/${t.twin.microsoftGraph.id}`;
  const refused = await t.ask("DELETE", `${graph}/appRoleAssignedTo/${held?.id}`);
  expect([refused.status, refused.body.error.code]).toEqual([403, "Authorization_RequestDenied"]);
  const [grant] = t.twin.state.grantsOf(app.id);
  expect((await t.ask("GET", `/v1.0/oauth2PermissionGrants/${grant?.id}`)).status).toBe(200);
  expect((await t.ask("DELETE", `/v1.0/oauth2PermissionGrants/${grant?.id}`)).status).toBe(403);
  const exchange = t.twin.addExchangeOnline();
  const [role] = t.twin.state.servicePrincipal(exchange.id)?.appRoles ?? [];
  const other = t.twin
    .as(mallory)
    .grantAppRole({ principalId: app.id, resourceId: exchange.id, appRoleId: role?.id ?? "" });
  expect((await t.ask("DELETE", `/v1.0/servicePrincipals/${exchange.id}/appRoleAssignedTo/${other}`)).status).toBe(204);
});

test("a foreign application signs in with a secret that it has at home, and its service principal here shows none", () => {
  const { appId, secrets } = t.twin.addForeignApplication({ passwords: 1 });
  const secret = secrets[0]?.secret ?? "";
  expect(t.twin.requestToken({ appId, secret })).toMatchObject({ ok: false, errorCode: 700016 });
  const { servicePrincipalId } = t.twin.as(mallory).consent({ appId, scope: "Mail.Read" });
  expect(t.twin.state.servicePrincipal(appId)).toMatchObject({ passwordCredentials: [] });
  expect(t.twin.requestToken({ appId, secret })).toMatchObject({ ok: true });
  t.twin.as(mallory).setAccountEnabled(servicePrincipalId, false);
  expect(t.twin.requestToken({ appId, secret })).toMatchObject({ ok: false, errorCode: 7000112 });
});
