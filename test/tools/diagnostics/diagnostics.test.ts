/** `diagnostics` against the twin over HTTP: what is made, and what is left alone. */
import { describe, expect, test } from "vitest";
import { run as diagnostics } from "../../../tools/diagnostics/run.ts";
import { startToolsTwin } from "../tools-twin.ts";
import { categories, startDiagnostics } from "./diagnostics-twin.ts";

describe("diagnostics", () => {
  test("makes three settings from nothing, says what each log takes and costs, and is then content", async () => {
    const { twin, run, list, sent, rule, writes } = await startDiagnostics();
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
    const { run, sent, writes } = await startDiagnostics();
    const { code, out } = await run(["--what-if"]);
    expect(code).toBe(1);
    for (const name of Object.keys(categories)) expect(out).toContain(`would be made: ${name}`);
    expect(await sent()).toEqual({});
    expect(writes()).toEqual([]);
    await run();
    expect(await run(["--what-if"])).toMatchObject({ code: 0 });
  });

  test("touches no setting of others, whatever it sends", async () => {
    const { run, list, put, rule, writes } = await startDiagnostics();
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
    const { run, list, sent, put, rule, ruleIn, twin } = await startDiagnostics();
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
    const { run, put, rule, writes } = await startDiagnostics();
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

describe("sign-ins", () => {
  test("are left out if nobody wants them, and one that is there is not taken away", async () => {
    const { run, sent } = await startDiagnostics();
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
