/** What the twin's own logs say: audit echo, risk, sign-ins. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Actor } from "../../../local/tenant/types.ts";
import { type Asker, startAsker } from "./ask.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off", now: () => Date.parse("2026-08-20T18:11:52.702Z") });
});
afterEach(async () => {
  await t.twin.stop();
});

const mallory: Actor = {
  kind: "user",
  id: "e4c722ac-3b83-478d-8f52-c388885dc30f",
  userPrincipalName: "mallory@contoso.example",
  ipAddress: "203.0.113.9",
};

// biome-ignore lint/suspicious/noExplicitAny: records are judged field by field
const recordOf = (index: number): any => t.records[index]?.record;
const operations = (): unknown[] => t.records.map(({ record }) => record.operationName);

test("a secret added to an application leaves the telling record and its two empty companions", async () => {
  const app = t.twin.addApplication({ passwords: [{ displayName: "old, KeyIdentifier=x" }] });
  const added = t.twin.as(mallory).addPassword({ object: "application", id: app.applicationId }, "key 2");
  expect(operations()).toEqual([
    "Update application – Certificates and secrets management ",
    "Update application",
    "Update service principal",
  ]);
  expect(t.records.every(({ hub }) => hub === "entra-audit")).toBe(true);
  const record = recordOf(0);
  expect(record).toMatchObject({
    time: "2026-08-20T18:11:52.7020000Z",
    category: "AuditLogs",
    tenantId: t.twin.tenantId,
    Level: 4,
    callerIpAddress: "203.0.113.9",
  });
  expect(record.resourceId).toBe(`/tenants/${t.twin.tenantId}/providers/Microsoft.aadiam`);
  const properties = record.properties;
  expect(properties.initiatedBy).toEqual({
    user: {
      id: mallory.id,
      displayName: null,
      userPrincipalName: "mallory@contoso.example",
      ipAddress: "203.0.113.9",
      roles: [],
    },
  });
  expect(properties.targetResources[0]).toMatchObject({ id: app.applicationId, type: "Application" });
  const [change] = properties.targetResources[0].modifiedProperties;
  const old = `[KeyIdentifier=${app.secrets[0]?.keyId},KeyType=Password,KeyUsage=Verify,DisplayName=old, KeyIdentifier=x]`;
  expect(JSON.parse(change.oldValue)).toEqual([old]);
  expect(JSON.parse(change.newValue)).toEqual([
    old,
    `[KeyIdentifier=${added.keyId},KeyType=Password,KeyUsage=Verify,DisplayName=key 2]`,
  ]);
  expect(recordOf(1).properties.targetResources[0].modifiedProperties).toEqual([]);
  expect(new Set(t.records.map(({ record: one }) => one.correlationId)).size).toBe(1);
  expect(properties.id).toMatch(/^Directory_[0-9a-f-]{36}_[A-Z0-9]{5}_\d+$/);
});

test("Graph's own copy of an audit record has the same id, and is found by id, time and correlation", async () => {
  const app = t.twin.addApplication();
  t.twin.as(mallory).addPassword({ object: "servicePrincipal", id: app.id });
  const { id, correlationId, activityDateTime } = recordOf(0).properties;
  const copy = await t.ask("GET", `/v1.0/auditLogs/directoryAudits/${id}`);
  expect(copy.body).toMatchObject({
    id,
    correlationId,
    activityDisplayName: "Add service principal credentials",
    initiatedBy: { app: null, user: { id: mallory.id } },
  });
  for (const filter of [
    `id eq '${id}'`,
    `correlationId eq '${correlationId}' and activityDisplayName eq 'Add service principal credentials'`,
    `activityDateTime ge 2026-08-20T18:00:00Z and targetResources/any(r: r/id eq '${app.id}')`,
  ]) {
    const found = await t.ask("GET", `/v1.0/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}`);
    expect(found.body.value[0]).toMatchObject({ id });
  }
  expect(Date.parse(activityDateTime)).toBe(Date.parse(copy.body.activityDateTime));
  expect(t.twin.violations).toEqual([]);
});

test("our own disable echoes under our service principal id, with appId null and our request id", async () => {
  const app = t.twin.addApplication();
  const correlationId = "11111111-2222-4333-8444-555555555555";
  await t.ask(
    "PATCH",
    `/v1.0/servicePrincipals/${app.id}`,
    { accountEnabled: false },
    { "client-request-id": correlationId },
  );
  const { properties, operationName } = recordOf(0);
  expect(operationName).toBe("Update service principal");
  expect(properties).toMatchObject({
    correlationId,
    initiatedBy: { app: { appId: null, servicePrincipalId: t.twin.runtimeIdentity.id } },
  });
  const [change] = properties.targetResources[0].modifiedProperties;
  expect(change).toEqual({ displayName: "AccountEnabled", oldValue: "[true]", newValue: "[false]" });
  expect(t.twin.state.writes).toMatchObject([{ ours: true, clientRequestId: correlationId }]);
  await t.ask("PATCH", `/v1.0/servicePrincipals/${app.id}`, { accountEnabled: false });
  expect(t.records).toHaveLength(1);
});

test("removing credentials from a service principal says Remove; the platform's rotation is told by its initiator", async () => {
  const app = t.twin.addApplication({ servicePrincipalPasswords: 1 });
  await t.ask("POST", `/v1.0/servicePrincipals/${app.id}/removePassword`, { keyId: app.secrets[0]?.keyId });
  expect(operations()).toEqual(["Remove service principal credentials", "Update service principal"]);
  expect(recordOf(0).properties.targetResources[0].modifiedProperties[0]).toMatchObject({ newValue: "[]" });
  t.records.length = 0;
  const managed = t.twin.addManagedIdentity();
  t.twin.rotateManagedIdentityCertificate(managed.id);
  expect(operations()).toEqual(["Add service principal credentials", "Update service principal"]);
  expect(recordOf(0).properties.initiatedBy.app.displayName).toBe("Managed Service Identity");
});

test("a raised risk is a detection and a risky service principal, in the hub and in Graph, in either order", async () => {
  const app = t.twin.addApplication({ passwords: 1 });
  const keyIds = app.secrets.map((secret) => secret.keyId);
  const raise = { servicePrincipalId: app.id, riskEventType: "leakedCredentials", riskLevel: "high", keyIds };
  const detection = t.twin.raiseRisk(raise);
  expect(t.records.map(({ hub, record }) => [hub, record.category, record.time])).toEqual([
    ["entra-risk", "ServicePrincipalRiskEvents", "8/20/2026 6:11:52 PM"],
    ["entra-risk", "RiskyServicePrincipals", "8/20/2026 6:11:52 PM"],
  ]);
  expect(recordOf(0).correlationId).toBe(detection.id);
  expect(recordOf(0).properties).toMatchObject({
    servicePrincipalId: app.id,
    keyIds,
    riskEventType: "leakedCredentials",
    activity: "servicePrincipal",
  });
  expect(recordOf(1)).toMatchObject({
    correlationId: app.id,
    properties: { id: app.id, appId: app.appId, riskLevel: "high", riskState: "atRisk" },
  });
  const listed = await t.ask(
    "GET",
    `/v1.0/identityProtection/servicePrincipalRiskDetections?$filter=servicePrincipalId eq '${app.id}'`,
  );
  expect(listed.body.value).toMatchObject([{ id: detection.id, activity: "unknownFutureValue", keyIds }]);
  t.twin.settings.riskOrder = "risky-first";
  t.records.length = 0;
  t.twin.raiseRisk(raise);
  expect(t.records.map(({ record }) => record.category)).toEqual([
    "RiskyServicePrincipals",
    "ServicePrincipalRiskEvents",
  ]);
  expect(t.twin.violations).toEqual([]);
});

test("confirmCompromised takes 60 ids, echoes as a detection, and hides new enum members unless asked for", async () => {
  const app = t.twin.addApplication();
  const confirm = (ids: readonly string[]) =>
    t.ask("POST", "/v1.0/identityProtection/riskyServicePrincipals/confirmCompromised", { servicePrincipalIds: ids });
  expect((await confirm(Array.from({ length: 61 }, () => app.id))).status).toBe(400);
  expect((await confirm([app.id])).status).toBe(204);
  const path = `/v1.0/identityProtection/riskyServicePrincipals/${app.id}`;
  expect((await t.ask("GET", path)).body).toMatchObject({
    riskLevel: "high",
    riskState: "confirmedCompromised",
    riskDetail: "unknownFutureValue",
  });
  const told = await t.ask("GET", path, undefined, { Prefer: "include-unknown-enum-members" });
  expect(told.body.riskDetail).toBe("adminConfirmedServicePrincipalCompromised");
  expect(t.records.map(({ record }) => [record.category, record.operationName])).toEqual([
    ["ServicePrincipalRiskEvents", "Service Principal Risk Detection"],
    ["RiskyServicePrincipals", "Risky service principal"],
    ["AuditLogs", "confirmServicePrincipalCompromised"],
  ]);
  expect(recordOf(0).properties.riskEventType).toBe("adminConfirmedServicePrincipalCompromised");
  const dismissal = await t.ask("POST", "/v1.0/identityProtection/riskyServicePrincipals/dismiss", {
    servicePrincipalIds: [app.id],
  });
  expect(dismissal.status).toBe(204);
  expect(t.twin.state.riskyServicePrincipal(app.id)).toMatchObject({ riskState: "dismissed", riskLevel: "none" });
  expect(t.twin.violations).toEqual([]);
});

test("sign-ins tell a wrong secret, an expired one, and a disabled identity apart", async () => {
  const app = t.twin.addApplication({ passwords: [{}, { expiresInDays: -1 }], keys: 1 });
  const [good, expired] = app.secrets;
  const code = (request: object) => t.twin.requestToken({ appId: app.appId, ...request }).errorCode;
  expect(code({ secret: good?.secret, ip: "203.0.113.7" })).toBe(0);
  expect(code({ secret: "wrong" })).toBe(7000215);
  expect(code({ secret: expired?.secret })).toBe(7000222);
  expect(code({ keyId: app.keyIds[0] })).toBe(0);
  await t.ask("PATCH", `/v1.0/servicePrincipals/${app.id}`, { accountEnabled: false });
  expect(code({ secret: good?.secret })).toBe(7000112);
  expect(t.twin.requestToken({ appId: "00000000-0000-4000-8000-000000000001", secret: "x" }).errorCode).toBe(700016);
  const signIns = t.records.filter(({ hub }) => hub === "entra-sign-ins").map(({ record }) => record);
  expect(signIns.map((record) => record.resultType)).toEqual(["0", "7000215", "7000222", "0", "7000112"]);
  expect(signIns[0]).toMatchObject({
    category: "ServicePrincipalSignInLogs",
    callerIpAddress: "203.0.113.7",
    properties: {
      appId: app.appId,
      servicePrincipalId: app.id,
      servicePrincipalCredentialKeyId: good?.keyId,
      clientCredentialType: "clientSecret",
      status: { errorCode: 0 },
    },
  });
});

test("each log category may come late", async () => {
  await t.twin.stop();
  t = await startAsker({ logDelayMs: { AuditLogs: 60 }, directoryAuditsDelayMs: 60 });
  const app = t.twin.addApplication();
  t.twin.as(mallory).setAccountEnabled(app.id, false);
  expect(t.records).toEqual([]);
  expect((await t.ask("GET", "/v1.0/auditLogs/directoryAudits")).body.value).toEqual([]);
  await expect.poll(() => operations()).toEqual(["Update service principal"]);
  expect((await t.ask("GET", "/v1.0/auditLogs/directoryAudits")).body.value).toHaveLength(1);
});
