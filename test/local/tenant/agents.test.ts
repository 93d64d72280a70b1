/** Agent identities, blueprints and their risk: types, permissions of their own, and what follows from what. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TwinOptions } from "../../../local/tenant/options.ts";
import { type Asker, startAsker } from "./ask.ts";
import { activities } from "./people.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off" });
});
afterEach(async () => {
  expect(t.twin.violations).toEqual([]);
  await t.twin.stop();
});

async function restart(options: TwinOptions): Promise<void> {
  await t.twin.stop();
  t = await startAsker({ quotas: "off", ...options });
}

function furnish() {
  const blueprint = t.twin.addAgentBlueprint({ displayName: "helpdesk-bot", passwords: 1 });
  const agents = [1, 2].map((n) => t.twin.addAgent({ displayName: `agent ${n}`, blueprintAppId: blueprint.appId }));
  return { blueprint, agents, agent: agents[0]?.id ?? "" };
}

test("agents are service principals of a derived type; casts list them, and nothing else", async () => {
  const { blueprint, agents, agent } = furnish();
  t.twin.addApplication();
  const own = await t.ask("GET", `/v1.0/servicePrincipals/${agent}?$select=id,servicePrincipalType`);
  expect(own.body).toMatchObject({
    "@odata.type": "#microsoft.graph.agentIdentity",
    servicePrincipalType: "ServiceIdentity",
  });
  const cast = await t.ask("GET", `/v1.0/servicePrincipals/${agent}/microsoft.graph.agentIdentity`);
  expect(cast.body.agentIdentityBlueprintId).toBe(blueprint.appId);
  expect((await t.ask("GET", `/v1.0/servicePrincipals/${blueprint.id}/microsoft.graph.agentIdentity`)).status).toBe(
    404,
  );
  const filter = `$filter=agentIdentityBlueprintId eq '${blueprint.appId}'`;
  const children = await t.ask("GET", `/v1.0/servicePrincipals/microsoft.graph.agentIdentity?${filter}`);
  expect(children.body.value.map((one: { id: string }) => one.id)).toEqual(agents.map((one) => one.id));
  const principals = await t.ask("GET", "/v1.0/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal");
  expect(principals.body.value).toMatchObject([{ id: blueprint.id }]);
  const blueprints = await t.ask("GET", "/beta/applications/graph.agentIdentityBlueprint");
  expect(blueprints.body.value).toMatchObject([{ id: blueprint.applicationId }]);
  const userId = t.twin.addAgentUser(agent);
  expect((await t.ask("GET", `/v1.0/users/${userId}?$select=id,identityParentId`)).body.identityParentId).toBe(agent);
});

test("the general permission does not switch agents off; their own does", async () => {
  await restart({ runtimeRoles: ["Application.ReadWrite.All", "AgentIdentity.EnableDisable.All"] });
  const { blueprint, agent } = furnish();
  const off = (path: string) => t.ask("PATCH", `/v1.0/servicePrincipals/${path}`, { accountEnabled: false });
  expect((await off(agent)).status).toBe(204);
  expect((await off(`${agent}/microsoft.graph.agentIdentity`)).status).toBe(204);
  expect((await off(blueprint.id)).status).toBe(403);
  const keyId = blueprint.secrets[0]?.keyId;
  const path = `/v1.0/applications/${blueprint.applicationId}/removePassword`;
  expect((await t.ask("POST", path, { keyId })).status).toBe(403);
  expect(t.twin.state.servicePrincipal(agent)?.accountEnabled).toBe(false);
  expect(t.twin.state.servicePrincipal(blueprint.id)?.accountEnabled).toBe(true);
});

test("an agent has no credentials of its own: it signs in with its blueprint's, until either is switched off", async () => {
  const { blueprint, agents, agent } = furnish();
  const secret = blueprint.secrets[0]?.secret ?? "";
  const signIn = (appId: string) => t.twin.requestToken({ appId, secret }).errorCode;
  expect(signIn(agent)).toBe(0);
  expect(t.records[0]?.record.properties).toMatchObject({ agent: { parentAppId: blueprint.appId } });
  const added = await t.ask("POST", `/v1.0/servicePrincipals/${agent}/addPassword`, { passwordCredential: {} });
  expect(added.status).toBe(403);
  await t.ask("PATCH", `/v1.0/servicePrincipals/${agent}`, { accountEnabled: false });
  expect([signIn(agent), signIn(agents[1]?.id ?? "")]).toEqual([7000112, 0]);
  await t.ask("PATCH", `/v1.0/servicePrincipals/${blueprint.id}`, { accountEnabled: false });
  expect(signIn(agents[1]?.id ?? "")).toBe(7000112);
});

test("a risky agent is confirmed on beta, and echoes into both log categories", async () => {
  const { agent } = furnish();
  const raised = t.twin.raiseAgentRisk({ agentId: agent, riskEventType: "signInSpike", riskLevel: "medium" });
  expect(t.records.map(({ record }) => record.category)).toEqual(["AgentRiskEvents", "RiskyAgents"]);
  expect(t.records[0]?.record.properties).toMatchObject({ agentId: agent, identityType: "AgentIdentity" });
  const one = await t.ask("GET", `/beta/identityProtection/agentRiskDetections/${raised.id}`);
  expect(one.body).toMatchObject({ agentId: agent, identityType: "agentIdentity" });
  const confirm = (ids: string[]) =>
    t.ask("POST", "/beta/identityProtection/riskyAgents/confirmCompromised", { agentIds: ids });
  expect((await confirm([agent])).status).toBe(204);
  expect((await confirm(["11111111-1111-4111-8111-111111111111"])).status).toBe(404);
  const risky = await t.ask("GET", `/beta/identityProtection/riskyAgents/${agent}`);
  expect(risky.body).toMatchObject({ riskState: "confirmedCompromised", riskLevel: "high" });
  expect((await t.ask("GET", "/beta/identityProtection/riskyAgents")).body.value).toHaveLength(1);
  expect(activities(t.records)).toEqual(["confirmAgentCompromised"]);
});

test("risk of agents has a permission of its own", async () => {
  await restart({ withoutRoles: ["IdentityRiskyAgent.ReadWrite.All"] });
  const { agent } = furnish();
  const body = { agentIds: [agent] };
  expect((await t.ask("POST", "/beta/identityProtection/riskyAgents/confirmCompromised", body)).status).toBe(403);
});
