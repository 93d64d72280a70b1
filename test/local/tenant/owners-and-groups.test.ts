/** Owners, what is owned, and groups over HTTP, and the records they leave. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker } from "./ask.ts";
import { activities, audits, mallory, property } from "./people.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off" });
});
afterEach(async () => {
  expect(t.twin.violations).toEqual([]);
  await t.twin.stop();
});

const link = (id: string) => ({ "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });

test("owners come and go on both objects; who owns what is seen from the other side", async () => {
  const owner = t.twin.addApplication({ displayName: "owner" });
  const app = t.twin.addApplication({ displayName: "owned" });
  const userId = t.twin.addUser({ userPrincipalName: "ann@contoso.example" });
  for (const path of [`applications/${app.applicationId}`, `servicePrincipals/${app.id}`]) {
    expect((await t.ask("POST", `/v1.0/${path}/owners/$ref`, link(owner.id))).status).toBe(204);
    expect((await t.ask("POST", `/v1.0/${path}/owners/$ref`, link(userId))).status).toBe(204);
    expect((await t.ask("POST", `/v1.0/${path}/owners/$ref`, link(userId))).status).toBe(400);
    const owners = await t.ask("GET", `/v1.0/${path}/owners?$select=id,displayName`);
    expect(owners.body.value).toMatchObject([
      { "@odata.type": "#microsoft.graph.servicePrincipal", id: owner.id, displayName: "owner" },
      { "@odata.type": "#microsoft.graph.user", id: userId },
    ]);
  }
  const owned = await t.ask("GET", `/v1.0/servicePrincipals/${owner.id}/ownedObjects`);
  expect(owned.body.value.map((one: { id: string }) => one.id)).toEqual([app.applicationId, app.id]);
  expect((await t.ask("DELETE", `/v1.0/applications/${app.applicationId}/owners/${userId}/$ref`)).status).toBe(204);
  expect((await t.ask("DELETE", `/v1.0/applications/${app.applicationId}/owners/${userId}/$ref`)).status).toBe(404);
  expect(t.twin.state.ownersOf(app.applicationId).map((one) => one.object.id)).toEqual([owner.id]);
});

test("the record of a new owner names the owner first and the object second", () => {
  const app = t.twin.addApplication();
  const userId = t.twin.addUser({ userPrincipalName: "eve@contoso.example" });
  const hands = t.twin.as(mallory);
  hands.addOwner({ object: "application", id: app.applicationId }, userId);
  hands.addOwner({ object: "servicePrincipal", id: app.id }, userId);
  hands.removeOwner({ object: "servicePrincipal", id: app.id }, userId);
  expect(activities(t.records)).toEqual([
    "Add owner to application",
    "Add owner to service principal",
    "Remove owner from service principal",
  ]);
  const [onApplication, onPrincipal] = audits(t.records);
  expect(onApplication.targetResources).toMatchObject([
    { id: userId, type: "User", userPrincipalName: "eve@contoso.example" },
    { id: app.applicationId, type: "Application" },
  ]);
  expect(property(onApplication.targetResources[0], "Application.ObjectID").now).toBe(app.applicationId);
  expect(property(onPrincipal.targetResources[0], "ServicePrincipal.ObjectID").now).toBe(app.id);
});

test("a managed identity takes no owner, no credential and no property", async () => {
  const managed = t.twin.addManagedIdentity();
  const path = `/v1.0/servicePrincipals/${managed.id}`;
  const answers = [
    await t.ask("POST", `${path}/owners/$ref`, link(t.twin.addUser())),
    await t.ask("POST", `${path}/addPassword`, { passwordCredential: { displayName: "x" } }),
    await t.ask("PATCH", path, { keyCredentials: [] }),
    await t.ask("PATCH", path, { tags: ["x"] }),
    await t.ask("DELETE", path),
  ];
  for (const answer of answers) {
    expect([answer.status, answer.body.error.code]).toEqual([403, "Authorization_RequestDenied"]);
  }
});

test("memberships are direct or by nesting, and leave records that name the member first", async () => {
  const app = t.twin.addApplication();
  const inner = t.twin.addGroup({ displayName: "inner", members: [app.id] });
  const outer = t.twin.addGroup({ displayName: "outer", members: [inner] });
  const admins = t.twin.addGroup({ displayName: "admins", isAssignableToRole: true });
  t.twin.as(mallory).addToGroup(admins, app.id);
  const ids = async (name: string) =>
    (await t.ask("GET", `/v1.0/servicePrincipals/${app.id}/${name}`)).body.value.map((one: { id: string }) => one.id);
  expect(await ids("memberOf")).toEqual([inner, admins]);
  expect((await ids("transitiveMemberOf")).sort()).toEqual([inner, outer, admins].sort());
  const group = await t.ask("GET", `/v1.0/groups/${admins}?$select=id,isAssignableToRole`);
  expect(group.body).toMatchObject({ id: admins, isAssignableToRole: true });
  expect((await t.ask("DELETE", `/v1.0/groups/${admins}/members/${app.id}/$ref`)).status).toBe(204);
  expect((await t.ask("DELETE", `/v1.0/groups/${admins}/members/${app.id}/$ref`)).status).toBe(404);
  expect((await t.ask("POST", `/v1.0/groups/${admins}/members/$ref`, link(app.id))).status).toBe(204);
  expect(activities(t.records)).toEqual(["Add member to group", "Remove member from group", "Add member to group"]);
  const [added] = audits(t.records);
  expect(added.category).toBe("GroupManagement");
  expect(added.targetResources.map((one: { id: string }) => one.id)).toEqual([app.id, admins]);
  expect(property(added.targetResources[0], "Group.ObjectID").now).toBe(admins);
});

test("a role-assignable group is closed to whoever may not give roles", async () => {
  await t.twin.stop();
  t = await startAsker({ withoutRoles: ["RoleManagement.ReadWrite.Directory"] });
  const app = t.twin.addApplication();
  const plain = t.twin.addGroup({ members: [app.id] });
  const admins = t.twin.addGroup({ isAssignableToRole: true, members: [app.id] });
  expect((await t.ask("DELETE", `/v1.0/groups/${plain}/members/${app.id}/$ref`)).status).toBe(204);
  expect((await t.ask("DELETE", `/v1.0/groups/${admins}/members/${app.id}/$ref`)).status).toBe(403);
});
