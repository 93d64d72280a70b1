/** What Azure refuses to `diagnostics`, over HTTP: it is told with what to do, and the rest goes on. */
import { describe, expect, test } from "vitest";
import { categories, roles, startDiagnostics } from "./diagnostics-twin.ts";

describe("what Azure refuses", () => {
  test("for want of a licence is named with it, and every other log is sent", async () => {
    const { run, sent, writes } = await startDiagnostics({ licences: { workloadIdentities: false } });
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
    const { run, put, list, rule, ruleIn, twin } = await startDiagnostics({ licences: { workloadIdentities: false } });
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
    const { run, sent } = await startDiagnostics({ licences });
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(await sent()).toEqual({ "tourniquet-audit": ["AuditLogs"] });
    expect(out).toMatch(/refused: ManagedIdentitySignInLogs .*It takes Entra ID P1 or P2/);
  });

  test.each([
    ["nobody", undefined, /reading Entra's diagnostic settings was refused .*Security Administrator/s],
    ["a reader", roles.securityReader, /sending by .* was refused .*Security Administrator.*list the keys/s],
  ])("from %s is all of it, and says who may", async (_who, role, message) => {
    const { run, sent, tokenWith } = await startDiagnostics();
    const token = tokenWith(role);
    const { code, out, err } = await run([], token);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(out + err).not.toContain(token);
    expect(await sent()).toEqual({});
  });

  test("for want of room is told with who has it, and what is there already is mended", async () => {
    const { run, sent, put, ruleIn, twin } = await startDiagnostics();
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
    const { run, sent, put, rule } = await startDiagnostics();
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
    const { run, sent, ruleIn } = await startDiagnostics();
    const elsewhere = ruleIn("11111111-0000-4000-8000-000000000001", "evhns-entra");
    const { code, err } = await run(["--rule", elsewhere]);
    expect(code).toBe(2);
    expect(err).toMatch(/LinkedAuthorizationFailed.*list the keys of the rule/s);
    expect(await sent()).toEqual({});
  });

  test("for now is tried again by whoever calls", async () => {
    const { run, sent, twin } = await startDiagnostics();
    const match = { method: "PUT", path: /diagnosticSettings/ };
    twin.faults.add({ match, skip: 1, times: 1, effect: { applyThenDrop: true } });
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining("try again") });
    expect(await run()).toMatchObject({ code: 0 });
    expect(await sent()).toEqual(categories);
  });
});
