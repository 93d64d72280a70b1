/** Federated credentials: their rules, their records, and signing in with them. */
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

const github = {
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/api:ref:refs/heads/main",
};
const body = { name: "ci", ...github, audiences: ["api://AzureADTokenExchange"] };

test("a credential is made, read and removed by id or by name", async () => {
  const app = t.twin.addApplication();
  const path = `/v1.0/applications/${app.applicationId}/federatedIdentityCredentials`;
  const made = await t.ask("POST", path, body);
  expect([made.status, made.body.subject]).toEqual([201, github.subject]);
  expect((await t.ask("GET", `${path}/ci`)).body.id).toBe(made.body.id);
  expect((await t.ask("DELETE", `${path}/${made.body.id}`)).status).toBe(204);
  await t.ask("POST", path, body);
  expect((await t.ask("DELETE", `${path}/ci`)).status).toBe(204);
  expect((await t.ask("DELETE", `${path}/ci`)).status).toBe(404);
  expect((await t.ask("GET", path)).body.value).toEqual([]);
});

test("exactly one audience, a name of its own, an issuer and subject of its own", async () => {
  const app = t.twin.addApplication();
  const path = `/v1.0/applications/${app.applicationId}/federatedIdentityCredentials`;
  const status = async (more: object) => (await t.ask("POST", path, { ...body, ...more })).status;
  expect(await status({ audiences: [] })).toBe(400);
  expect(await status({ audiences: ["a", "b"] })).toBe(400);
  expect(await status({ subject: null })).toBe(400);
  expect(await status({})).toBe(201);
  expect(await status({ subject: "repo:contoso/other" })).toBe(409);
  expect(await status({ name: "second" })).toBe(409);
  expect(await status({ name: "second", subject: "repo:contoso/other" })).toBe(201);
});

test("only beta shows an expression; v1.0 shows such a credential without a subject", async () => {
  const app = t.twin.addApplication();
  const flexible = { name: "any-branch", issuer: github.issuer, expression: "claims['sub'] matches 'repo:contoso/*'" };
  t.twin.as(mallory).addFederatedCredential(app.applicationId, flexible);
  const list = async (version: string) =>
    (await t.ask("GET", `/${version}/applications/${app.applicationId}/federatedIdentityCredentials`)).body.value[0];
  expect(await list("beta")).toMatchObject({ subject: null, claimsMatchingExpression: { value: flexible.expression } });
  const lean = await list("v1.0");
  expect(lean.subject).toBeNull();
  expect(lean).not.toHaveProperty("claimsMatchingExpression");
  const assertion = { issuer: github.issuer, subject: "repo:contoso/api:ref:refs/heads/evil" };
  expect(t.twin.requestToken({ appId: app.appId, assertion }).errorCode).toBe(0);
  const elsewhere = { ...assertion, subject: "repo:fabrikam/api" };
  expect(t.twin.requestToken({ appId: app.appId, assertion: elsewhere }).errorCode).toBe(700213);
});

test("there is no activity of its own: Update application carries the whole list, before and after", () => {
  const federatedCredentials = [{ name: "old", issuer: "https://issuer.example", subject: "a" }];
  const app = t.twin.addApplication({ federatedCredentials });
  const id = t.twin.as(mallory).addFederatedCredential(app.applicationId, { name: "evil", ...github });
  t.twin.as(mallory).removeFederatedCredential(app.applicationId, "old");
  expect(activities(t.records)).toEqual([
    "Update application",
    "Update service principal",
    "Update application",
    "Update service principal",
  ]);
  const [added, , removed] = audits(t.records).map((one) =>
    property(one.targetResources[0], "FederatedIdentityCredentials"),
  );
  expect(added?.old).toMatchObject([{ Name: "old" }]);
  expect(added?.now).toMatchObject([{ Name: "old" }, { Name: "evil", Issuer: github.issuer, Id: id }]);
  expect(removed?.now).toMatchObject([{ Name: "evil" }]);
});

test("a trusted token opens the door as long as the credential is there, and the log says which one it was", () => {
  const app = t.twin.addApplication();
  const id = t.twin.as(mallory).addFederatedCredential(app.applicationId, { name: "evil", ...github });
  const signIn = (more: object = {}) => t.twin.requestToken({ appId: app.appId, assertion: { ...github, ...more } });
  t.records.length = 0;
  expect(signIn().ok).toBe(true);
  expect(t.records[0]?.record).toMatchObject({
    category: "ServicePrincipalSignInLogs",
    properties: { clientCredentialType: "federatedIdentityCredential", federatedCredentialId: id },
  });
  expect(signIn({ issuer: "https://other.example" }).errorCode).toBe(700211);
  expect(signIn({ audience: "api://other" }).errorCode).toBe(700212);
  t.twin.as(mallory).setApplicationDisabled(app.applicationId, true);
  expect(signIn().errorCode).toBe(7000112);
  t.twin.as(mallory).setApplicationDisabled(app.applicationId, false);
  t.twin.as(mallory).removeFederatedCredential(app.applicationId, id);
  expect(signIn().errorCode).toBe(700211);
});
