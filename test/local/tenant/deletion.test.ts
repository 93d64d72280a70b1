/** Making, deleting, restoring: what waits, what is gone at once, what nobody brings back. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker } from "./ask.ts";
import { activities, mailRead, mallory } from "./people.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off" });
});
afterEach(async () => {
  expect(t.twin.violations).toEqual([]);
  await t.twin.stop();
});

const restore = (id: string) => t.ask("POST", `/v1.0/directory/deletedItems/${id}/restore`);

test("a deleted application leaves grants, roles and federated credentials behind for good", async () => {
  const federatedCredentials = [{ name: "ci", issuer: "https://issuer.example", subject: "a" }];
  const app = t.twin.addApplication({
    federatedCredentials,
    graphAppRoleIds: [mailRead],
    delegatedScope: "User.Read",
    passwords: 1,
  });
  t.twin.as(mallory).assignRole({ principalId: app.id, roleDefinitionId: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3" });
  expect((await t.ask("DELETE", `/v1.0/applications/${app.applicationId}`)).status).toBe(204);
  const secret = app.secrets[0]?.secret ?? "";
  expect(t.twin.requestToken({ appId: app.appId, secret }).errorCode).toBe(700016);
  expect((await restore(app.applicationId)).status).toBe(200);
  expect((await t.ask("GET", `/v1.0/servicePrincipals/${app.id}`)).status).toBe(404);
  expect((await restore(app.id)).status).toBe(200);
  expect((await t.ask("GET", `/v1.0/servicePrincipals(appId='${app.appId}')`)).body.id).toBe(app.id);
  expect(t.twin.requestToken({ appId: app.appId, secret }).ok).toBe(true);
  const { state } = t.twin;
  expect([state.assignmentsOf(app.id), state.grantsOf(app.id), state.rolesOf(app.id)]).toEqual([[], [], []]);
  expect(state.federatedCredentialsOf(app.applicationId)).toEqual([]);
  expect(activities(t.records).slice(1)).toEqual([
    "Delete application",
    "Remove service principal",
    "Restore application",
    "Restore service principal",
  ]);
});

test("hard deletion is final", async () => {
  const app = t.twin.addForeign();
  await t.ask("DELETE", `/v1.0/servicePrincipals/${app.id}`);
  expect(t.twin.state.deleted(app.id)).toMatchObject({ id: app.id });
  expect((await t.ask("DELETE", `/v1.0/directory/deletedItems/${app.id}`)).status).toBe(204);
  expect((await restore(app.id)).status).toBe(404);
  expect(activities(t.records)).toEqual(["Remove service principal", "Hard delete service principal"]);
});

test("a service principal is made disabled from the appId of another tenant's application, once", async () => {
  const { appId, ownerTenantId } = t.twin.addForeignApplication({ verifiedPublisher: "Fabrikam" });
  const made = await t.ask("POST", "/v1.0/servicePrincipals", { appId, accountEnabled: false });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ appId, accountEnabled: false, appOwnerOrganizationId: ownerTenantId });
  const read = await t.ask("GET", `/v1.0/servicePrincipals/${made.body.id}?$select=id,verifiedPublisher`);
  expect(read.body.verifiedPublisher.displayName).toBe("Fabrikam");
  expect((await t.ask("POST", "/v1.0/servicePrincipals", { appId })).status).toBe(409);
  const nowhere = await t.ask("POST", "/v1.0/servicePrincipals", { appId: "11111111-1111-4111-8111-111111111111" });
  expect([nowhere.status, nowhere.body.error.code]).toEqual([400, "NoBackingApplicationObject"]);
  expect(activities(t.records)).toEqual(["Add service principal"]);
});

test("a second service principal of the same application keeps the deleted one from coming back", async () => {
  const app = t.twin.addForeign();
  const hands = t.twin.as(mallory);
  hands.deleteObject({ object: "servicePrincipal", id: app.id });
  const again = hands.createServicePrincipal(app.appId);
  expect((await restore(app.id)).status).toBe(409);
  expect(t.twin.state.servicePrincipal(app.appId)?.id).toBe(again);
});

test("an application may be registered without a service principal, which comes with a call of its own", () => {
  const hands = t.twin.as(mallory);
  const made = hands.createApplication("shadow");
  expect(t.twin.state.servicePrincipal(made.appId)).toBeUndefined();
  hands.createServicePrincipal(made.appId);
  expect(t.twin.state.servicePrincipal(made.appId)).toMatchObject({ appOwnerOrganizationId: t.twin.tenantId });
  expect(activities(t.records)).toEqual(["Add application", "Add service principal"]);
});

test("a deactivated application shows it on both objects and gets no token", async () => {
  const app = t.twin.addApplication({ passwords: 1, multiTenant: true });
  const path = `/v1.0/applications/${app.applicationId}`;
  expect((await t.ask("PATCH", path, { isDisabled: true })).status).toBe(204);
  expect((await t.ask("GET", `${path}?$select=id,isDisabled`)).body.isDisabled).toBe(true);
  const own = await t.ask("GET", `/v1.0/servicePrincipals/${app.id}?$select=id,isDisabled,accountEnabled`);
  expect(own.body).toMatchObject({ isDisabled: true, accountEnabled: true });
  expect(t.twin.requestToken({ appId: app.appId, secret: app.secrets[0]?.secret ?? "" }).errorCode).toBe(7000112);
});

test("what Microsoft disabled cannot be deleted", async () => {
  const app = t.twin.addForeign({ disabledByMicrosoft: true });
  expect((await t.ask("DELETE", `/v1.0/servicePrincipals/${app.id}`)).status).toBe(403);
});

test("custom security attributes come only when selected, and only with their own permission", async () => {
  const attributes = {
    Security: { "@odata.type": "#Microsoft.DirectoryServices.CustomSecurityAttributeValue", Tier: "0" },
  };
  const seed = { customSecurityAttributes: attributes };
  const app = t.twin.addApplication(seed);
  const whole = await t.ask("GET", `/v1.0/servicePrincipals/${app.id}`);
  expect(whole.body).not.toHaveProperty("customSecurityAttributes");
  const path = "?$select=id,customSecurityAttributes";
  expect((await t.ask("GET", `/v1.0/servicePrincipals/${app.id}${path}`)).body).toMatchObject(seed);
  await t.twin.stop();
  t = await startAsker({ withoutRoles: ["CustomSecAttributeAssignment.Read.All"] });
  const other = t.twin.addApplication(seed);
  expect((await t.ask("GET", `/v1.0/servicePrincipals/${other.id}${path}`)).status).toBe(403);
  expect((await t.ask("GET", `/v1.0/servicePrincipals/${other.id}`)).status).toBe(200);
});
