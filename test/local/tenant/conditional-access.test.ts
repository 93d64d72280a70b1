/** Conditional Access of the twin: policies as Graph keeps them, and what a block policy does to a workload. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker } from "./ask.ts";

const path = "/v1.0/identity/conditionalAccess/policies";
let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off" });
});
afterEach(async () => {
  await t.twin.stop();
});

function blocking(ids: readonly string[]): object {
  return {
    displayName: "Contained identities",
    state: "enabled",
    conditions: {
      applications: { includeApplications: ["All"] },
      clientApplications: { includeServicePrincipals: ids },
    },
    grantControls: { operator: "OR", builtInControls: ["block"] },
  };
}

function signIn(app: ReturnType<Asker["twin"]["addApplication"]>): number {
  return t.twin.requestToken({ appId: app.appId, secret: app.secrets[0]?.secret ?? "" }).errorCode;
}

test("a block policy is made, read, rewritten and deleted, and refuses tokens as long as it names the identity", async () => {
  const [one, other] = [t.twin.addApplication({ passwords: 1 }), t.twin.addApplication({ passwords: 1 })];
  const shared = t.twin.addApplication({ passwords: 1, multiTenant: true });
  const made = await t.ask("POST", path, blocking([one.id, shared.id]));
  expect(made.status).toBe(201);
  expect([signIn(one), signIn(other), signIn(shared)]).toEqual([53003, 0, 0]);
  const own = `${path}/${made.body.id}`;
  const { conditions } = blocking([other.id]) as { conditions: object };
  expect((await t.ask("PATCH", own, { conditions })).status).toBe(204);
  expect([signIn(one), signIn(other)]).toEqual([0, 53003]);
  expect((await t.ask("GET", own)).body).toMatchObject({ state: "enabled", conditions });
  expect((await t.ask("GET", path)).body.value).toHaveLength(1);
  expect((await t.ask("DELETE", own)).status).toBe(204);
  expect([(await t.ask("GET", own)).status, signIn(other)]).toEqual([404, 0]);
  const said = t.records.map(({ record }) => record.operationName).filter((name) => String(name).includes("policy"));
  expect(said).toEqual(["Add", "Update", "Delete"].map((verb) => `${verb} conditional access policy`));
  expect(t.twin.violations).toEqual([]);
});

test("only block, only known service principals, only with the licence", async () => {
  const app = t.twin.addApplication();
  const mfa = { ...blocking([app.id]), grantControls: { operator: "OR", builtInControls: ["mfa"] } };
  expect((await t.ask("POST", path, mfa)).status).toBe(400);
  expect((await t.ask("POST", path, blocking([app.applicationId]))).status).toBe(400);
  await t.twin.stop();
  t = await startAsker({ quotas: "off", licences: { workloadIdentities: false } });
  const own = t.twin.addApplication();
  expect((await t.ask("POST", path, blocking([own.id]))).status).toBe(403);
  expect((await t.ask("GET", path)).body.value).toEqual([]);
});

test("it shares its one request a second with identity protection, and says no Retry-After", async () => {
  await t.twin.stop();
  t = await startAsker({ now: () => 1_000 });
  expect((await t.ask("GET", "/v1.0/identityProtection/riskyServicePrincipals")).status).toBe(200);
  const refused = await t.ask("GET", path);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, null]);
});
