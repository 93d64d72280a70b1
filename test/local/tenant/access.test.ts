/** Who may talk to the twin: managed identity tokens, bearer tokens, permissions. */
import { ManagedIdentityCredential } from "@azure/identity";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker, tokenOf } from "./ask.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off" });
});
afterEach(async () => {
  await t.twin.stop();
});

test("the unmodified ManagedIdentityCredential gets a token that says who we are", async () => {
  const before = { ...process.env };
  try {
    process.env.IDENTITY_ENDPOINT = t.twin.identityEndpoint;
    process.env.IDENTITY_HEADER = t.twin.identityHeader;
    t.twin.settings.tokenLifetimeSeconds = 10 * 365 * 86_400;
    const token = await new ManagedIdentityCredential().getToken("https://graph.microsoft.com/.default");
    const claims = JSON.parse(Buffer.from(token.token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({
      oid: t.twin.runtimeIdentity.id,
      appid: t.twin.runtimeIdentity.appId,
      tid: t.twin.tenantId,
    });
    const answer = await fetch(`${t.twin.graphUrl}/v1.0/organization`, {
      headers: { Authorization: `Bearer ${token.token}` },
    });
    expect(answer.status).toBe(200);
    expect(t.records.at(-1)?.record.category).toBe("ManagedIdentitySignInLogs");
  } finally {
    process.env = before;
  }
});

test("without a valid token there is no answer, and without the header no token", async () => {
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${t.twin.graphUrl}/v1.0/organization`, { headers })).status;
  const token = await tokenOf(t.twin);
  expect(await status({})).toBe(401);
  expect(await status({ Authorization: "Bearer a.b.c" })).toBe(401);
  expect(await status({ Authorization: `Bearer ${token}` })).toBe(200);
  t.twin.expireTokens();
  expect(await status({ Authorization: `Bearer ${token}` })).toBe(401);
  const app = t.twin.addApplication({ passwords: 1 });
  const other = t.twin.requestToken({
    appId: app.appId,
    secret: app.secrets[0]?.secret ?? "",
    resource: "https://vault.azure.net",
  });
  expect(await status({ Authorization: `Bearer ${other.ok ? other.token : ""}` })).toBe(401);
  const url = `${t.twin.identityEndpoint}?resource=https://graph.microsoft.com&api-version=2019-08-01`;
  expect((await fetch(url)).status).toBe(401);
});

test("a permission our identity was not granted is 403", async () => {
  await t.twin.stop();
  t = await startAsker({ runtimeRoles: ["Application.Read.All"] });
  const app = t.twin.addApplication();
  expect((await t.ask("GET", `/v1.0/servicePrincipals/${app.id}`)).status).toBe(200);
  const refused = await t.ask("PATCH", `/v1.0/servicePrincipals/${app.id}`, { accountEnabled: false });
  expect([refused.status, refused.body.error.code]).toEqual([403, "Authorization_RequestDenied"]);
});
