/** `diagnostics` against the twin over HTTP: what is made, what is left alone, what is refused and what is then said. */
import { describe, expect, test } from "vitest";
import type { TwinOptions } from "../../../local/tenant/options.ts";
import { run as diagnostics } from "../../../tools/diagnostics/run.ts";
import { startToolsTwin } from "../tools-twin.ts";

const roles = {
  securityAdministrator: "194ae4cb-b126-40b2-bd5b-6091b380977d",
  securityReader: "5d6b6bb7-de71-4623-b4af-96380a352509",
} as const;
const azure = "https://management.azure.com";

const categories = {
  "tourniquet-risk": ["RiskyServicePrincipals", "ServicePrincipalRiskEvents", "RiskyAgents", "AgentRiskEvents"],
  "tourniquet-audit": ["AuditLogs"],
  "tourniquet-sign-ins": ["ServicePrincipalSignInLogs", "ManagedIdentitySignInLogs"],
};

interface Setting {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly logs: readonly { readonly category: string; readonly enabled: boolean }[];
  };
}

async function start(options: TwinOptions = {}) {
  const world = await startToolsTwin(options);
  const { twin } = world;
  const ruleIn = (subscription: string, namespace: string) =>
    `/subscriptions/${subscription}/resourceGroups/rg-soc/providers/Microsoft.EventHub/namespaces/${namespace}/authorizationRules/entra-diagnostics`;
  const rule = ruleIn(twin.subscriptionId, "evhns-entra");
  const tokenWith = (roleDefinitionId?: string) => {
    const { id, appId, secrets } = twin.addApplication({ passwords: 1 });
    if (roleDefinitionId !== undefined) twin.addRole({ principalId: id, roleDefinitionId });
    const answer = twin.requestToken({ appId, secret: secrets[0]?.secret ?? "", resource: azure });
    if (!answer.ok) throw new Error(answer.message);
    return answer.token;
  };
  const administrator = tokenWith(roles.securityAdministrator);
  const ask = async (method: string, name = "", properties?: object) => {
    const url = `${twin.armUrl}/providers/microsoft.aadiam/diagnosticSettings${name && `/${name}`}?api-version=2017-04-01`;
    const headers = { Authorization: `Bearer ${administrator}`, "Content-Type": "application/json" };
    const answer = await fetch(url, {
      method,
      headers,
      ...(properties && { body: JSON.stringify({ properties }) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json() as Promise<{ readonly value: readonly Setting[] }>;
  };
  const list = async () => (await ask("GET")).value;
  return {
    ...{ twin, rule, ruleIn, list, tokenWith, administrator },
    put: (name: string, properties: object) => ask("PUT", name, properties),
    /** what each setting sends */
    sent: async () =>
      Object.fromEntries(
        (await list()).map(({ name, properties: { logs } }) => [
          name,
          logs.filter(({ enabled }) => enabled).map(({ category }) => category),
        ]),
      ),
    run: (args: readonly string[] = [], token = administrator) =>
      world.run(diagnostics, ["--rule", rule, ...args], { TOURNIQUET_ARM_TOKEN: token }),
    writes: world.writes,
  };
}

describe("diagnostics", () => {
  test("makes three settings from nothing, says what each log takes and costs, and is then content", async () => {
    const { twin, run, list, sent, rule, writes } = await start();
    const first = await run();
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(await sent()).toEqual(categories);
    const hubs = (await list()).map(({ properties }) => properties.eventHubName);
    expect(hubs).toEqual(["entra-risk", "entra-audit", "entra-sign-ins"]);
    for (const { properties } of await list()) expect(properties.eventHubAuthorizationRuleId).toBe(rule);
    expect(first.out).toMatch(/AuditLogs +entra-audit +missing +no licence besides +about \d+ a day for 1,000 people/);
    expect(first.out).toMatch(/RiskyServicePrincipals +entra-risk +missing +Workload Identities Premium +hardly any/);
    const after = writes();
    const second = await run();
    expect(second).toMatchObject({ code: 0, err: "" });
    expect(second.out).toContain("Nothing was changed.");
    expect(second.out).toMatch(/AuditLogs +entra-audit +sent /);
    expect(writes()).toEqual(after);
    expect(twin.violations).toEqual([]);
  });

  test("changes nothing with --what-if, and says what it would", async () => {
    const { run, sent, writes } = await start();
    const { code, out } = await run(["--what-if"]);
    expect(code).toBe(1);
    for (const name of Object.keys(categories)) expect(out).toContain(`would be made: ${name}`);
    expect(await sent()).toEqual({});
    expect(writes()).toEqual([]);
    await run();
    expect(await run(["--what-if"])).toMatchObject({ code: 0 });
  });

  test("touches no setting of others, whatever it sends", async () => {
    const { run, list, put, rule, writes } = await start();
    const logs = [{ category: "AuditLogs", enabled: true }];
    const workspaceId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w";
    await put("siem\u202e", { workspaceId, logs });
    await put("tourniquet-risk-old", { eventHubAuthorizationRuleId: rule, eventHubName: "else", logs });
    const before = await list();
    const already = writes().length;
    const { code, out } = await run();
    expect(code).toBe(0);
    expect((await list()).slice(0, 2)).toEqual(before);
    expect(writes().slice(already).join()).not.toMatch(/siem|risk-old|DELETE/);
    expect(out).toMatch(/siem\? +AuditLogs +\/subscriptions/);
  });

  test("takes ours from an old rule, hub and place to what it shall be, keeping what it sends", async () => {
    const { run, list, sent, put, rule, ruleIn, twin } = await start();
    const workspaceId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w";
    await put("tourniquet-audit", {
      ...{ eventHubAuthorizationRuleId: ruleIn(twin.subscriptionId, "gone"), eventHubName: "entra-audit", workspaceId },
      logs: ["AuditLogs", "SignInLogs"].map((category) => ({ category, enabled: true })),
    });
    const told = await run(["--what-if"]);
    expect(told.out).toMatch(
      /would be changed: tourniquet-audit, .*namespaces\/gone.*also sends to .*also sends SignIn/,
    );
    expect(told.out).toMatch(/AuditLogs +entra-audit +sent, not as it shall be/);
    expect(await run()).toMatchObject({ code: 0 });
    expect(await sent()).toEqual(categories);
    const audit = (await list()).find(({ name }) => name === "tourniquet-audit");
    expect(audit?.properties).toMatchObject({ eventHubAuthorizationRuleId: rule, workspaceId: null });
  });

  test("knows its settings and its rule however Azure writes their names", async () => {
    const { run, put, rule, writes } = await start();
    await run();
    const logs = [{ category: "AuditLogs", enabled: true }];
    await put("Tourniquet-Audit", {
      eventHubAuthorizationRuleId: rule.replace("resourceGroups", "resourcegroups").replace("rg-soc", "RG-SOC"),
      ...{ eventHubName: "Entra-Audit", logs },
    });
    const before = writes().length;
    expect(await run()).toMatchObject({ code: 0 });
    expect(writes()).toHaveLength(before);
  });
});

describe("what Azure refuses", () => {
  test("for want of a licence is named with it, and every other log is sent", async () => {
    const { run, sent, writes } = await start({ licences: { workloadIdentities: false } });
    const first = await run();
    expect(first).toMatchObject({ code: 1, err: "" });
    expect(await sent()).toEqual({ ...categories, "tourniquet-risk": ["RiskyAgents", "AgentRiskEvents"] });
    expect(first.out).toMatch(/refused: RiskyServicePrincipals \(.*no license.*It takes Workload Identities Premium/);
    expect(first.out).toContain("refused: ServicePrincipalRiskEvents");
    const before = writes().length;
    const second = await run();
    expect(second).toMatchObject({ code: 1, out: expect.stringContaining("Nothing was changed.") });
    expect(writes().slice(before).join()).not.toMatch(/audit|sign-ins/);
    expect(await sent()).toMatchObject({ "tourniquet-risk": ["RiskyAgents", "AgentRiskEvents"] });
  });

  test("for want of a licence does not hold what is sent already at an old rule", async () => {
    const { run, put, list, rule, ruleIn, twin } = await start({ licences: { workloadIdentities: false } });
    const logs = ["RiskyAgents", "AgentRiskEvents"].map((category) => ({ category, enabled: true }));
    const old = ruleIn(twin.subscriptionId, "gone");
    await put("tourniquet-risk", { eventHubAuthorizationRuleId: old, eventHubName: "entra-risk", logs });
    expect(await run()).toMatchObject({ code: 1 });
    const [risk] = await list();
    expect(risk?.properties).toMatchObject({ eventHubAuthorizationRuleId: rule });
    expect(risk?.properties.logs.map(({ category }) => category)).toEqual(["RiskyAgents", "AgentRiskEvents"]);
  });

  test("in a tenant without any is all but the audit log", async () => {
    const licences = { workloadIdentities: false, privilegedIdentityManagement: false };
    const { run, sent } = await start({ licences });
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(await sent()).toEqual({ "tourniquet-audit": ["AuditLogs"] });
    expect(out).toMatch(/refused: ManagedIdentitySignInLogs .*It takes Entra ID P1 or P2/);
  });

  test.each([
    ["nobody", undefined, /reading Entra's diagnostic settings was refused .*Security Administrator/s],
    ["a reader", roles.securityReader, /sending by .* was refused .*Security Administrator.*list the keys/s],
  ])("from %s is all of it, and says who may", async (_who, role, message) => {
    const { run, sent, tokenWith } = await start();
    const token = tokenWith(role);
    const { code, out, err } = await run([], token);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(out + err).not.toContain(token);
    expect(await sent()).toEqual({});
  });

  test("for want of room is told with who has it, and what is there already is mended", async () => {
    const { run, sent, put, ruleIn, twin } = await start();
    const workspaceId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w";
    for (const n of [1, 2, 3])
      await put(`siem-${n}`, { workspaceId: `${workspaceId}${n}`, logs: [{ category: "SignInLogs", enabled: true }] });
    await put("tourniquet-sign-ins", {
      ...{ eventHubAuthorizationRuleId: ruleIn(twin.subscriptionId, "gone"), eventHubName: "entra-sign-ins" },
      logs: [{ category: "ManagedIdentitySignInLogs", enabled: true }],
    });
    const told = await run(["--what-if"]);
    expect(told.out).toContain("no room for 1 of them");
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(out).toMatch(/refused: AuditLogs .*5 diagnostic settings at most/);
    const { "tourniquet-risk": risk, "tourniquet-sign-ins": signIns, ...rest } = await sent();
    expect([risk, signIns]).toEqual([categories["tourniquet-risk"], categories["tourniquet-sign-ins"]]);
    expect(Object.keys(rest)).toEqual(["siem-1", "siem-2", "siem-3"]);
  });

  test("since another sends the same to the same hub is told, and only that is left out", async () => {
    const { run, sent, put, rule } = await start();
    const logs = [{ category: "RiskyAgents", enabled: true }];
    await put("by-hand", { eventHubAuthorizationRuleId: rule, eventHubName: "entra-risk", logs });
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(out).toMatch(/refused: RiskyAgents \(Conflict.*by-hand.*whoever owns it/);
    expect((await sent())["tourniquet-risk"]).toEqual([
      ...["RiskyServicePrincipals", "ServicePrincipalRiskEvents", "AgentRiskEvents"],
    ]);
  });

  test("by a rule that cannot be reached says so before anything is made", async () => {
    const { run, sent, ruleIn } = await start();
    const elsewhere = ruleIn("11111111-0000-4000-8000-000000000001", "evhns-entra");
    const { code, err } = await run(["--rule", elsewhere]);
    expect(code).toBe(2);
    expect(err).toMatch(/LinkedAuthorizationFailed.*list the keys of the rule/s);
    expect(await sent()).toEqual({});
  });

  test("for now is tried again by whoever calls", async () => {
    const { run, sent, twin } = await start();
    const match = { method: "PUT", path: /diagnosticSettings/ };
    twin.faults.add({ match, skip: 1, times: 1, effect: { applyThenDrop: true } });
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining("try again") });
    expect(await run()).toMatchObject({ code: 0 });
    expect(await sent()).toEqual(categories);
  });
});

describe("sign-ins", () => {
  test("are left out if nobody wants them, and one that is there is not taken away", async () => {
    const { run, sent } = await start();
    expect(await run(["--without-sign-ins"])).toMatchObject({ code: 0 });
    expect(Object.keys(await sent())).toEqual(["tourniquet-risk", "tourniquet-audit"]);
    await run();
    const { code, out } = await run(["--without-sign-ins"]);
    expect(code).toBe(3);
    expect(out).toContain("tourniquet-sign-ins is there, though not asked for");
    expect(await sent()).toEqual(categories);
  });
});

test.each([
  ["no rule", []],
  ["a name", ["--rule", "entra-diagnostics"]],
  ["an unknown option", ["--force"]],
])("%s is refused with the usage", async (_what, args) => {
  const { run } = await startToolsTwin();
  const { code, err } = await run(diagnostics, args);
  expect(code).toBe(2);
  expect(err).toContain("npm run diagnostics");
});
