/** What tokens carry, and how long they live when their owner is switched off. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker, tokenOf } from "./ask.ts";
import { mailRead } from "./people.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off", withoutRoles: ["AuditLog.Read.All"] });
});
afterEach(async () => {
  await t.twin.stop();
});

const rolesOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).roles;

const ask = async (token: string, path: string, method = "GET") =>
  (await fetch(`${t.twin.graphUrl}/v1.0${path}`, { method, headers: { Authorization: `Bearer ${token}` } })).status;

test("our token says what we may do, less what was left out", async () => {
  const roles = rolesOf(await tokenOf(t.twin));
  expect(roles).toContain("Application.ReadWrite.All");
  expect(roles).not.toContain("AuditLog.Read.All");
  expect((await t.ask("GET", "/v1.0/auditLogs/directoryAudits")).status).toBe(200);
  expect((await t.ask("GET", "/v1.0/identityProtection/riskyServicePrincipals")).status).toBe(200);
});

test("a workload's token carries what is assigned at that moment, and nothing else works", async () => {
  const readAll = "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30";
  const app = t.twin.addApplication({ passwords: 1, graphAppRoleIds: [mailRead, readAll] });
  const answer = t.twin.requestToken({ appId: app.appId, secret: app.secrets[0]?.secret ?? "" });
  const token = answer.ok ? answer.token : "";
  expect(rolesOf(token)).toEqual(["Mail.Read", "Application.Read.All"]);
  expect(await ask(token, `/servicePrincipals/${app.id}`)).toBe(200);
  expect(await ask(token, `/servicePrincipals/${app.id}`, "DELETE")).toBe(403);
});

test("an owner may change what it owns with OwnedBy, and nothing more", async () => {
  const ownedBy = "18a4783c-866b-4cc7-a460-3d5e5662c884";
  const pipeline = t.twin.addApplication({ passwords: 1, graphAppRoleIds: [ownedBy] });
  const own = t.twin.addApplication({ owners: [{ id: pipeline.id, userPrincipalName: "" }] });
  const other = t.twin.addApplication();
  const answer = t.twin.requestToken({ appId: pipeline.appId, secret: pipeline.secrets[0]?.secret ?? "" });
  const token = answer.ok ? answer.token : "";
  expect(await ask(token, `/applications/${own.applicationId}`, "DELETE")).toBe(204);
  expect(await ask(token, `/applications/${other.applicationId}`, "DELETE")).toBe(403);
});

test("a disabled identity's token lives on, unless its client opted into continuous access evaluation", async () => {
  const app = t.twin.addApplication({ passwords: 1, graphAppRoleIds: ["9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"] });
  const secret = app.secrets[0]?.secret ?? "";
  const [plain, evaluated] = [false, true].map((continuousAccess) => {
    const answer = t.twin.requestToken({ appId: app.appId, secret, continuousAccess });
    return answer.ok ? answer.token : "";
  });
  await t.ask("PATCH", `/v1.0/servicePrincipals/${app.id}`, { accountEnabled: false });
  expect(await ask(plain ?? "", `/servicePrincipals/${app.id}`)).toBe(200);
  expect(await ask(evaluated ?? "", `/servicePrincipals/${app.id}`)).toBe(401);
});

test("code on a resource takes its managed identity's token without any credential", () => {
  const managed = t.twin.addManagedIdentity();
  t.records.length = 0;
  expect(t.twin.requestToken({ appId: managed.appId, managedIdentity: true }).ok).toBe(true);
  expect(t.records[0]?.record).toMatchObject({
    category: "ManagedIdentitySignInLogs",
    properties: { servicePrincipalId: managed.id, clientCredentialType: "managedIdentity", ipAddress: "" },
  });
  const app = t.twin.addApplication();
  expect(t.twin.requestToken({ appId: app.appId, managedIdentity: true }).ok).toBe(false);
});
