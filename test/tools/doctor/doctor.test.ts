/** `doctor` against the app's own health answer and the twin over HTTP: each trouble is a line of its own, with what to do. */
import { describe, expect, test } from "vitest";
import type { Check } from "../../../tools/doctor/check.ts";
import { run as doctor } from "../../../tools/doctor/run.ts";
import { run as grant } from "../../../tools/grant/run.ts";
import { appRoleIds, startToolsTwin, type ToolsTwin } from "../tools-twin.ts";
import { type AppDouble, type AppState, startAppDouble } from "./app-double.ts";

interface Scene extends ToolsTwin {
  readonly file: string;
  readonly app: AppDouble;
  examine(args?: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Examined>;
}

interface Examined {
  readonly code: number;
  readonly checks: readonly Check[];
  of(about: string): readonly Check[];
}

/** Everything in place: granted before the app's token was issued, each log arriving. */
async function startScene(
  given: { options?: object; policy?: object; app?: Partial<AppState>; granted?: boolean } = {},
): Promise<Scene> {
  const tools = await startToolsTwin(given.options);
  const file = tools.policy(given.policy);
  if (given.granted !== false) await tools.run(grant, ["--identity", tools.twin.runtimeIdentity.id, "--policy", file]);
  const app = await startAppDouble({ policy: file, token: tools.ownToken(), ...given.app });
  await everyLogArrives(app, tools.twin.tenantId);
  return {
    ...tools,
    file,
    app,
    async examine(args = [], environment = {}) {
      const token = { TOURNIQUET_ARM_TOKEN: azureToken(tools) };
      const all = ["--url", app.url, "--policy", file, "--json", ...args];
      const { code, out, err } = await tools.run(doctor, all, { ...token, ...environment });
      if (out === "") throw new Error(err);
      const checks = JSON.parse(out) as readonly Check[];
      return { code, checks, of: (about) => checks.filter((check) => check.about === about) };
    },
  };
}

/** Of somebody who may read the subscription. */
function azureToken({ twin }: ToolsTwin): string {
  const { appId, secrets } = twin.addApplication({ passwords: 1 });
  const answer = twin.requestToken({
    appId,
    secret: secrets[0]?.secret ?? "",
    resource: "https://management.azure.com",
  });
  return answer.ok ? answer.token : "";
}

async function everyLogArrives({ services: { stores } }: AppDouble, tenantId: string): Promise<void> {
  const logs = ["AuditLogs", "ServicePrincipalSignInLogs", "ManagedIdentitySignInLogs", "RiskyServicePrincipals"];
  const quiet = ["ServicePrincipalRiskEvents", "RiskyAgents", "AgentRiskEvents"];
  await stores.freshness.seen(tenantId, new Map([...logs, ...quiet].map((name) => [name, Date.now()])));
  await stores.dependencies.putSummary(tenantId, { readAt: Date.now(), enabledServicePrincipals: 10 });
}

describe("doctor", () => {
  test("finds nothing failed where everything is in place, and says what it could not look at", async () => {
    const { examine, twin } = await startScene();
    const { checks, of } = await examine(["--api-app", twin.addApplication().appId]);
    expect(checks.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(of("token in use")).toMatchObject([{ status: "ok", found: expect.stringContaining("issued") }]);
    expect(of("clock of the app")).toMatchObject([{ status: "ok" }]);
    expect(await examine()).toMatchObject({ code: 1 });
    expect(twin.violations).toEqual([]);
  });

  test("tells a token that is older than the grant from a grant that is missing", async () => {
    const { examine, twin, run, file } = await startScene({ granted: false });
    const before = await examine();
    expect(before.code).toBe(2);
    expect(before.of("token in use")).toMatchObject([
      { status: "failed", found: expect.stringMatching(/lacks .*Directory\.Read\.All/) },
    ]);
    expect(before.of("granted on Microsoft Graph")[0]).toMatchObject({ status: "failed" });
    await run(grant, ["--identity", twin.runtimeIdentity.id, "--policy", file]);
    const after = await examine();
    expect(after.of("granted on Microsoft Graph")[0]).toMatchObject({ status: "ok" });
    const found = expect.stringMatching(/was issued before .*Directory\.Read\.All.* was granted/);
    const todo = expect.stringContaining("24 hours");
    expect(after.of("token in use")).toMatchObject([{ status: "warning", found, todo }]);
  });

  test("names what the token carries beyond the policy, and what was granted beyond it", async () => {
    const options = { runtimeRoles: [] };
    const tools = await startScene({ options, policy: { mode: "enforce" } });
    const observing = tools.policy();
    const { out } = await tools.run(doctor, ["--url", tools.app.url, "--policy", observing]);
    expect(out).toMatch(/warning +token in use +carries more than the policy needs: .*Application\.ReadWrite\.All/);
    expect(out).toMatch(
      /warning +granted on Microsoft Graph +held only as part of what is surplus: Application\.Read\.All/,
    );
    expect(out).toMatch(/warning +granted on Microsoft Graph +surplus: /);
    expect(out).toMatch(/warning +policy in force +another one than this file \(mode enforce, here observe\)/);
    expect(out).toContain("-> `npm run grant -- --prune`");
  });

  test("says which licence is missing: a failure where the policy counts on it", async () => {
    const none = { licences: { privilegedIdentityManagement: false, workloadIdentities: false } };
    const { examine, policy, tokenOf } = await startScene({ options: none });
    const { of } = await examine();
    expect(of("licence Workload Identities Premium")).toMatchObject([{ status: "warning" }]);
    expect(of("licence Entra ID P1 or P2")).toMatchObject([{ status: "warning" }]);
    const blocking = policy({ conditionalAccess: { policyId: "11111111-0000-4000-8000-000000000009" } });
    const unread = await examine(["--policy", blocking]);
    expect(unread.of("policy conditionalAccess")).toMatchObject([
      { status: "unknown", todo: expect.stringContaining("Policy.Read.All") },
    ]);
    const token = tokenOf(appRoleIds.mayRead, "246dd0d5-5bd0-4def-940b-0421030a5b68"); // Policy.Read.All
    const asked = await examine(["--policy", blocking], { TOURNIQUET_GRAPH_TOKEN: token });
    expect(asked.of("licence Workload Identities Premium")).toMatchObject([{ status: "failed" }]);
    expect(asked.of("policy conditionalAccess")).toMatchObject([{ status: "failed" }]);
  });

  test("says what is unknown, and how to make it readable, where nobody may look", async () => {
    const { examine, tokenOf } = await startScene();
    const denied = await examine([], {
      TOURNIQUET_GRAPH_TOKEN: tokenOf(appRoleIds.mail),
      TOURNIQUET_ARM_TOKEN: "none",
    });
    expect(denied.code).toBeGreaterThan(0);
    expect(denied.of("licences")).toMatchObject([
      { status: "unknown", todo: expect.stringContaining("Directory Readers") },
    ]);
    expect(denied.of("our identity")).toMatchObject([
      { status: "unknown", todo: expect.stringContaining("Directory Readers") },
    ]);
    expect(denied.of("owners of the API's sign-in application")).toMatchObject([{ status: "unknown" }]);
    const ofAgents = { status: "warning", found: expect.stringContaining("steps that need it are skipped") };
    expect(denied.of("token in use")).toMatchObject([ofAgents]);
  });

  test("goes on without an app, without its key, and with one that does not answer", async () => {
    const { run, file, twin, policy } = await startScene();
    const alone = await run(doctor, ["--policy", file, "--identity", twin.runtimeIdentity.id]);
    expect(alone.code).toBe(1);
    expect(alone.out).toMatch(/unknown +the app +not asked/);
    expect(alone.out).toMatch(/ok +granted on Microsoft Graph/);
    const gone = await run(doctor, ["--policy", file, "--url", "http://127.0.0.1:9"]);
    expect(gone).toMatchObject({ code: 2, out: expect.stringMatching(/failed +the app +no answer/) });
    const locked = await startAppDouble({ policy: policy(), token: "", key: "k" });
    const denied = await run(doctor, ["--policy", file, "--url", locked.url]);
    expect(denied.out).toContain("set TOURNIQUET_FUNCTION_KEY");
  });

  test("sees the kill switch, sign-in that is off, an offset that is not set, clocks that disagree, and silent logs", async () => {
    const app = { platformAuthentication: false, initialOffset: null, aheadMs: 2 * 86_400_000 };
    const { examine } = await startScene({ app });
    const { code, of } = await examine();
    expect(code).toBe(2);
    expect(of("App Service Authentication")).toMatchObject([{ status: "failed" }]);
    expect(of("initial offset")).toMatchObject([{ status: "failed" }]);
    expect(of("clock of the app")).toMatchObject([{ status: "failed", found: expect.stringContaining("ahead of") }]);
    expect(of("log AuditLogs")).toMatchObject([{ status: "warning", found: expect.stringContaining("48 h") }]);
    expect(of("who depends on what")).toMatchObject([{ status: "warning" }]);
  });

  test("names protected ids that nobody has, and owners who could become us", async () => {
    const tools = await startToolsTwin();
    const { twin } = tools;
    const owner = { id: twin.addUser(), userPrincipalName: "eve@contoso.example" };
    const api = twin.addApplication({ owners: [owner] });
    const foreign = twin.addForeign();
    const gone = "22222222-0000-4000-8000-000000000002";
    const lists = { never: [foreign.id], ask: [api.applicationId], twoPeople: [gone], tier0: [api.appId] };
    const file = tools.policy({ protected: lists });
    const args = ["--policy", file, "--identity", twin.runtimeIdentity.id, "--api-app", api.appId, "--json"];
    const { out } = await tools.run(doctor, args);
    const of = (about: string) => (JSON.parse(out) as Check[]).filter((check) => check.about === about);
    expect(of("policy protected.twoPeople")).toMatchObject([
      { status: "warning", found: expect.stringContaining(gone) },
    ]);
    expect(of("policy protected.never")).toMatchObject([
      { status: "ok", found: expect.stringContaining("of other tenants") },
    ]);
    expect(of("policy protected.ask")).toMatchObject([{ status: "ok" }]);
    expect(of("policy protected.tier0")).toMatchObject([{ status: "ok" }]);
    expect(of("owners of the API's sign-in application")).toMatchObject([
      { status: "warning", found: expect.stringContaining(owner.id) },
    ]);
  });

  test("names issuers and Azure roles through which others are us, and not our own", async () => {
    const tools = await startScene();
    const { twin, run, file } = tools;
    const group = `/subscriptions/${twin.subscriptionId}/resourceGroups/tourniquet`;
    const resourceId = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/tourniquet`;
    const { id } = twin.addManagedIdentity({ userAssigned: true, resourceId });
    const contributor = twin.addApplication().id;
    const elsewhere = twin.addApplication().id;
    const hands = twin.as({
      kind: "user",
      id: twin.addUser(),
      userPrincipalName: "admin@contoso.example",
      ipAddress: "203.0.113.9",
    });
    const [contributing, owning] = ["b24988ac-6180-42a0-ab88-20f7382dd24c", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"];
    hands.assignAzureRole({ principalId: contributor, scope: group, roleDefinitionId: contributing });
    hands.assignAzureRole({ principalId: id, scope: group, roleDefinitionId: contributing });
    hands.assignAzureRole({ principalId: elsewhere, scope: `${group}-of-others`, roleDefinitionId: owning });
    hands.addIdentityFederatedCredential(resourceId, {
      name: "ci",
      issuer: "https://issuer.example",
      subject: "repo:x",
    });
    const args = ["--policy", file, "--identity", id, "--json"];
    const { out } = await run(doctor, args, { TOURNIQUET_ARM_TOKEN: azureToken(tools) });
    const checks = JSON.parse(out) as readonly Check[];
    expect(checks.find(({ about }) => about === "federated credentials of our identity")).toMatchObject({
      status: "warning",
      found: expect.stringContaining("https://issuer.example for repo:x"),
    });
    const [found] = checks.filter(({ about }) => about.startsWith("Azure roles"));
    expect(found).toMatchObject({ status: "warning", found: expect.stringContaining(`Contributor: ${contributor}`) });
    expect(found?.found).not.toContain(elsewhere);
    expect(found?.found).not.toContain(id);
  });
});
