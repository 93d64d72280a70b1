/** The reports on last use are made from what happened, and are a day behind it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker } from "./ask.ts";

const dayMs = 86_400_000;
const start = Date.parse("2026-01-05T08:00:00Z");
let now = start;
let t: Asker;
beforeEach(async () => {
  now = start;
  t = await startAsker({ now: () => now, tokenLifetimeSeconds: 100 * 86_400, quotas: "off" });
});
afterEach(async () => {
  expect(t.twin.violations).toEqual([]);
  await t.twin.stop();
});

const principals = "/beta/reports/servicePrincipalSignInActivities";
const credentials = "/beta/reports/appCredentialSignInActivities";

/** When each activity of an appId was, by the report; null: there is no row. */
async function activitiesOf(appId: string): Promise<Record<string, string | null> | null> {
  const { body } = await t.ask("GET", `${principals}?$filter=appId eq '${appId}'`);
  const [row] = body.value;
  if (row === undefined) return null;
  const at = (name: string): string | null => row[`${name}SignInActivity`]?.lastSignInDateTime ?? null;
  return {
    latest: at("last"),
    client: at("applicationAuthenticationClient"),
    clientForUsers: at("delegatedClient"),
    resource: at("applicationAuthenticationResource"),
    resourceForUsers: at("delegatedResource"),
  };
}

test("a use shows a day later, as client, as resource, for users, and for the credential that was shown", async () => {
  const api = t.twin.addApplication({});
  const app = t.twin.addApplication({ passwords: 2 });
  const secret = app.secrets[1]?.secret ?? "";
  expect(t.twin.requestToken({ appId: app.appId, secret, resource: `api://${api.appId}` }).ok).toBe(true);
  expect(t.twin.useForUsers({ client: app.appId, resource: api.appId })).toBe(0);
  now += dayMs - 1;
  expect(await activitiesOf(app.appId)).toBeNull();
  now += 1;
  const at = "2026-01-05T08:00:00Z";
  const none = { client: null, clientForUsers: null, resource: null, resourceForUsers: null };
  expect(await activitiesOf(app.appId)).toEqual({ ...none, latest: at, client: at, clientForUsers: at });
  expect(await activitiesOf(api.appId)).toEqual({ ...none, latest: at, resource: at, resourceForUsers: at });
  const { body } = await t.ask("GET", `${credentials}?$filter=appId eq '${app.appId}'`);
  const keyId = app.secrets[1]?.keyId;
  expect(body.value).toMatchObject([
    {
      id: Buffer.from(`${keyId}|application`).toString("base64"),
      keyId,
      credentialOrigin: "application",
      appObjectId: app.applicationId,
      servicePrincipalObjectId: app.id,
      signInActivity: { lastSignInDateTime: at },
    },
  ]);
});

test("a managed identity has a row, and what was refused shows only where refused ones count", async () => {
  const managed = t.twin.addManagedIdentity();
  const app = t.twin.addApplication({ passwords: 1, enabled: false });
  const asked = { appId: app.appId, secret: app.secrets[0]?.secret ?? "" };
  expect(t.twin.requestToken({ appId: managed.appId, managedIdentity: true }).ok).toBe(true);
  expect(t.twin.requestToken(asked)).toMatchObject({ ok: false, errorCode: 7000112 });
  now += dayMs;
  expect((await activitiesOf(managed.appId))?.client).toBe("2026-01-05T08:00:00Z");
  expect(await activitiesOf(app.appId)).toBeNull();
  t.twin.reports.countsRefused = true;
  expect((await activitiesOf(app.appId))?.client).toBe("2026-01-05T08:00:00Z");
});

test("nobody gets a token for an API that is off, or gone", async () => {
  const api = t.twin.addApplication({ enabled: false });
  const app = t.twin.addApplication({ passwords: 1 });
  const asked = { appId: app.appId, secret: app.secrets[0]?.secret ?? "" };
  expect(t.twin.requestToken({ ...asked, resource: api.appId })).toMatchObject({ errorCode: 500014 });
  await t.ask("DELETE", `/v1.0/applications/${api.applicationId}`);
  expect(t.twin.requestToken({ ...asked, resource: api.appId })).toMatchObject({ errorCode: 500011 });
  expect(t.twin.useForUsers({ client: app.appId, resource: api.appId })).toBe(500011);
});

test("the reports may stop, lack half of the rows, or be refused; what was seeded is known at once", async () => {
  const apps = Array.from({ length: 40 }, () => t.twin.addApplication({ lastUsedDaysAgo: 0, passwords: 1 }));
  const appIds = new Set(apps.map(({ appId }) => appId));
  const rowsOf = async () =>
    (await t.ask("GET", `${principals}?$top=999`)).body.value.filter((row: { appId: string }) => appIds.has(row.appId));
  expect(await rowsOf()).toHaveLength(40);
  t.twin.reports.missingShare = 0.5;
  const half = await rowsOf();
  expect(half.length).toBeGreaterThan(8);
  expect(half.length).toBeLessThan(32);
  expect(await rowsOf()).toEqual(half);
  t.twin.reports.missingShare = 0;

  const [app] = apps;
  t.twin.reports.frozenAt = start;
  now += 10 * dayMs;
  t.twin.requestToken({ appId: app?.appId ?? "", secret: app?.secrets[0]?.secret ?? "" });
  now += 2 * dayMs;
  expect((await activitiesOf(app?.appId ?? ""))?.latest).toBe("2026-01-05T08:00:00Z");
  t.twin.reports.frozenAt = null;
  expect((await activitiesOf(app?.appId ?? ""))?.latest).toBe("2026-01-15T08:00:00Z");

  t.twin.reports.refused = "licence";
  expect(await t.ask("GET", principals)).toMatchObject({
    status: 403,
    body: { error: { code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant" } },
  });
});

test("the reports ask for AuditLog.Read.All and for nothing less", async () => {
  const other = await startAsker({ withoutRoles: ["AuditLog.Read.All"] });
  for (const path of [principals, credentials]) {
    expect((await other.ask("GET", path)).body.error.code).toBe("Authorization_RequestDenied");
  }
  await other.twin.stop();
});

test("what was deleted leaves the bin after 30 days by itself", async () => {
  const app = t.twin.addApplication();
  await t.ask("DELETE", `/v1.0/applications/${app.applicationId}`);
  now += 30 * dayMs - 1;
  expect((await t.ask("GET", `/v1.0/directory/deletedItems/${app.id}`)).status).toBe(200);
  now += 1;
  expect((await t.ask("GET", `/v1.0/directory/deletedItems/${app.id}`)).status).toBe(404);
  expect(t.twin.state.deleted(app.applicationId)).toBeUndefined();
  expect((await t.ask("POST", `/v1.0/directory/deletedItems/${app.applicationId}/restore`)).status).toBe(404);
  const listed = await t.ask("GET", "/v1.0/directory/deletedItems/microsoft.graph.application");
  expect(listed.body.value).toEqual([]);
});

test("a big tenant is read page by page, each object once", async () => {
  const many = t.twin.addMany({ servicePrincipals: 2_500, applications: 3_000, reported: 0.5 });
  expect([many.servicePrincipals.length, many.applications]).toEqual([2_500, 3_000]);
  const read = async (path: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const { body } = await t.ask("GET", next);
      ids.push(...body.value.map((one: { id: string }) => one.id));
      next = body["@odata.nextLink"];
    }
    expect(new Set(ids).size).toBe(ids.length);
    return ids;
  };
  const ids = await read("/v1.0/servicePrincipals?$select=id,appId,tags,loginUrl,preferredSingleSignOnMode&$top=999");
  expect(many.servicePrincipals.filter(({ id }) => !ids.includes(id))).toEqual([]);
  expect(await read("/v1.0/applications?$select=id,createdDateTime&$top=999")).toHaveLength(3_000);
  expect(await read(`${principals}?$top=999`)).toHaveLength(1_250);
});
