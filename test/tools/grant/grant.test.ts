/** `grant` against the twin over HTTP: what is given, what is taken, what is refused, and that nothing else is touched. */
import { describe, expect, test } from "vitest";
import { run as grant } from "../../../tools/grant/run.ts";
import { appRoleIds, startToolsTwin } from "../tools-twin.ts";

const reading = [
  "Application.Read.All",
  "AuditLog.Read.All",
  "Directory.Read.All",
  "IdentityRiskEvent.Read.All",
  "IdentityRiskyServicePrincipal.Read.All",
  "RoleAssignmentSchedule.Read.Directory",
  "RoleEligibilitySchedule.Read.Directory",
];

describe("grant", () => {
  test("gives an identity that has nothing what observing takes, which changes nothing in a tenant, and is then content", async () => {
    const { twin, held, policy, run, writes } = await startToolsTwin();
    const args = ["--identity", twin.runtimeIdentity.id, "--policy", policy()];
    const first = await run(grant, args);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(held()).toEqual(reading);
    expect(first.out).toContain("up to 24 hours");
    expect(first.out).toMatch(/IdentityRiskEvent\.Read\.All +missing +required +Holds a risk event/);
    const after = writes();
    const second = await run(grant, args);
    expect(second).toMatchObject({ code: 0, err: "" });
    expect(second.out).toContain("Nothing was changed.");
    expect(writes()).toEqual(after);
    expect(twin.violations).toEqual([]);
  });

  test("finds the identity by its client id, too, and gives an enforcing policy what its playbooks take", async () => {
    const { twin, held, policy, run } = await startToolsTwin();
    const { code, out } = await run(grant, [
      "--identity",
      twin.runtimeIdentity.appId,
      "--policy",
      policy({ mode: "enforce" }),
    ]);
    expect(code).toBe(0);
    expect(held()).toEqual([
      "AppRoleAssignment.ReadWrite.All",
      "Application.ReadWrite.All",
      "AuditLog.Read.All",
      "DelegatedPermissionGrant.ReadWrite.All",
      "Directory.Read.All",
      "GroupMember.ReadWrite.All",
      "IdentityRiskEvent.Read.All",
      "IdentityRiskyServicePrincipal.ReadWrite.All",
      "RoleManagement.ReadWrite.Directory",
    ]);
    expect(out).toMatch(/AgentIdentity\.EnableDisable\.All +not offered here/);
    expect(out).toContain("Microsoft.Authorization/roleAssignments/delete");
    expect(out).toContain(`--assignee-object-id ${twin.runtimeIdentity.id}`);
    const definition = /--role-definition '([^']*)'$/m.exec(out)?.[1] ?? "";
    expect(JSON.parse(definition).Actions).toContain("Microsoft.Authorization/roleAssignments/delete");
  });

  test("changes nothing with --what-if, and says what it would", async () => {
    const { twin, held, policy, run, writes } = await startToolsTwin();
    const args = ["--identity", twin.runtimeIdentity.id, "--policy", policy(), "--what-if"];
    const { code, out } = await run(grant, args);
    expect(code).toBe(1);
    for (const permission of reading) expect(out).toContain(`would be given: ${permission}`);
    expect(held()).toEqual([]);
    expect(writes()).toEqual([]);
  });

  test("says what is surplus, and takes exactly that on --prune: of Microsoft Graph alone", async () => {
    const { twin, held, policy, run } = await startToolsTwin();
    const exchange = twin.addExchangeOnline();
    const { id, appId } = twin.addManagedIdentity({
      graphAppRoleIds: [appRoleIds.mail, appRoleIds.roles, appRoleIds.mayRead],
      holds: [{ resourceId: exchange.id, appRoleId: "dc890d15-9560-4a4c-9b7f-a736ec74ec40" }],
    });
    const other = twin.addManagedIdentity({ graphAppRoleIds: [appRoleIds.mail] });
    const args = ["--identity", id, "--policy", policy()];
    const told = await run(grant, args);
    expect(told.code).toBe(3);
    expect(told.out).toMatch(/Mail\.ReadWrite +surplus +- +Nothing that the policy/);
    expect(told.out).toMatch(/RoleManagement\.Read\.Directory +surplus +- +Nothing/);
    expect(told.out).toContain(`leaves alone: resources ${exchange.id}`);
    const pruned = await run(grant, [...args, "--prune"]);
    expect(pruned.code).toBe(0);
    expect(pruned.out).toContain("taken: Mail.ReadWrite");
    const kept = twin.state.assignmentsOf(id);
    expect(kept).toHaveLength(reading.length + 1);
    expect(kept.filter(({ resourceId }) => resourceId === exchange.id)).toHaveLength(1);
    expect(twin.state.assignmentsOf(other.id)).toHaveLength(1);
    expect(held()).toEqual([]);
    expect(await run(grant, ["--identity", appId, "--policy", policy()])).toMatchObject({ code: 0 });
  });

  test("that may not grant says who may, and nothing was given", async () => {
    const { twin, held, policy, run, tokenOf } = await startToolsTwin();
    const token = tokenOf(appRoleIds.mayRead);
    const args = ["--identity", twin.runtimeIdentity.id, "--policy", policy()];
    const { code, err } = await run(grant, args, { TOURNIQUET_GRAPH_TOKEN: token });
    expect(code).toBe(2);
    expect(err).toMatch(/giving \S+ was refused .*Global Administrator or a Privileged Role Administrator/s);
    expect(held()).toEqual([]);
  });

  test("takes nothing while something could not be given", async () => {
    const { twin, policy, run } = await startToolsTwin();
    const { id } = twin.addManagedIdentity({ graphAppRoleIds: [appRoleIds.mail] });
    twin.faults.add({ match: { method: "POST", path: /appRoleAssignments$/ }, effect: { status: 403 } });
    const { code } = await run(grant, ["--identity", id, "--policy", policy(), "--prune"]);
    expect(code).toBe(2);
    expect(twin.state.assignmentsOf(id)).toHaveLength(1);
  });

  test("goes on where an earlier call broke off, also when only the answer was lost", async () => {
    const { twin, held, policy, run } = await startToolsTwin();
    const match = { method: "POST", path: /appRoleAssignments$/ };
    twin.faults.add({ match, skip: 2, times: 1, effect: { applyThenDrop: true } });
    const args = ["--identity", twin.runtimeIdentity.id, "--policy", policy()];
    expect(await run(grant, args)).toMatchObject({ code: 2, err: expect.stringContaining("try again") });
    expect(held()).toHaveLength(3);
    expect(await run(grant, args)).toMatchObject({ code: 0 });
    expect(held()).toEqual(reading);
  });

  test.each([
    ["no id", [], /--identity is missing/],
    ["a name", ["--identity", "tourniquet"], /names decide nothing here/],
    ["an unknown option", ["--identity", "x", "--force"], /--force/],
    [
      "no origin",
      ["--identity", "00000000-0000-4000-8000-000000000001", "--graph-url", "http://evil.example"],
      /https origin/,
    ],
  ])("refuses %s with its usage", async (_what, args, message) => {
    const { policy, run } = await startToolsTwin();
    const { code, err } = await run(grant, [...args, "--policy", policy()]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).toContain("npm run grant");
  });

  test("refuses an identity that is not there, and one that is no managed identity", async () => {
    const { twin, policy, run, writes } = await startToolsTwin();
    const nobody = await run(grant, ["--identity", "00000000-0000-4000-8000-000000000001", "--policy", policy()]);
    expect(nobody).toMatchObject({ code: 2, err: expect.stringContaining("no service principal with the object id") });
    const { id } = twin.addApplication({ displayName: "tourniquet" });
    const another = await run(grant, ["--identity", id, "--policy", policy()]);
    expect(another).toMatchObject({ code: 2, err: expect.stringContaining("is no managed identity") });
    expect(writes()).toEqual([]);
  });

  test("refuses to work in another tenant than the policy's, and the policy as it is shipped", async () => {
    const { twin, policy, run } = await startToolsTwin();
    const elsewhere = policy({ tenantId: "11111111-0000-4000-8000-000000000001" });
    const args = ["--identity", twin.runtimeIdentity.id, "--policy"];
    expect(await run(grant, [...args, elsewhere])).toMatchObject({
      code: 2,
      err: expect.stringContaining("the policy is for 11111111"),
    });
    expect(await run(grant, [...args, "policy.yaml"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("still the placeholder"),
    });
  });

  test("shows a hostile name quoted and harmless, and never a token", async () => {
    const { twin, policy, run, tokenOf } = await startToolsTwin();
    const { id } = twin.addManagedIdentity({ displayName: "tourniquet\u001b[2J\n\u202eALL OK" });
    const token = tokenOf(appRoleIds.mayGrant, appRoleIds.mayRead);
    const ran = await run(grant, ["--identity", id, "--policy", policy()], { TOURNIQUET_GRAPH_TOKEN: token });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('named "tourniquet?[2J??ALL OK"');
    expect(ran.out + ran.err).not.toContain(token);
    const refused = await run(grant, ["--identity", id, "--policy", policy()], {
      TOURNIQUET_GRAPH_TOKEN: "not.a.token",
    });
    expect(refused.code).toBe(2);
    expect(refused.out + refused.err).not.toContain("not.a.token");
  });
});
