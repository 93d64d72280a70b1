/** Directory roles of the twin: what is held now, what may be activated, what begins later, and what the audit log says of it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Licences } from "../../../local/tenant/options.ts";
import { type Asker, startAsker } from "./ask.ts";

const base = "/v1.0/roleManagement/directory";
const applicationAdministrator = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const admin = { kind: "user", id: "a", userPrincipalName: "admin@contoso.example", ipAddress: "203.0.113.9" } as const;
const hourMs = 3_600_000;

let now = Date.parse("2026-08-20T10:00:00Z");
let t: Asker;

async function start(licences: Partial<Licences> = {}): Promise<void> {
  t = await startAsker({ quotas: "off", now: () => now, licences });
}

beforeEach(() => start());
afterEach(async () => {
  await t.twin.stop();
});

async function list(what: string, principalId: string): Promise<Record<string, unknown>[]> {
  const answer = await t.ask("GET", `${base}/${what}?$filter=principalId eq '${principalId}'`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.value;
}

const activities = (): unknown[] => t.records.map(({ record }) => record.operationName);

function targetTypes(activity: string): unknown[] {
  const found = t.records.find(({ record }) => record.operationName === activity)?.record;
  const properties = found?.properties as { targetResources: { type: string }[] } | undefined;
  return (properties?.targetResources ?? []).map(({ type }) => type);
}

describe("an active role", () => {
  it("is listed with its scope, and taken away by its id", async () => {
    const app = t.twin.addApplication();
    const everywhere = { principalId: app.id, roleDefinitionId: applicationAdministrator, directoryScopeId: "/" };
    const made = await t.ask("POST", `${base}/roleAssignments`, everywhere);
    expect(made).toMatchObject({ status: 201, body: everywhere });
    t.twin.as(admin).assignRole({ ...everywhere, directoryScopeId: "/administrativeUnits/1" });
    expect(await list("roleAssignments", app.id)).toMatchObject([
      everywhere,
      { directoryScopeId: "/administrativeUnits/1" },
    ]);
    expect(await list("roleAssignmentSchedules", app.id)).toHaveLength(2);
    expect((await t.ask("DELETE", `${base}/roleAssignments/${made.body.id}`)).status).toBe(204);
    expect((await t.ask("DELETE", `${base}/roleAssignments/${made.body.id}`)).status).toBe(404);
    expect(await list("roleAssignments", app.id)).toHaveLength(1);
    expect(t.twin.state.ourWrites().filter(({ effective }) => effective)).toHaveLength(2);
    expect(activities()).toEqual(["Add member to role", "Add scoped member to role", "Remove member from role"]);
    expect(targetTypes("Add member to role")).toEqual(["ServicePrincipal", "Role"]);
    expect(t.twin.violations).toEqual([]);
  });

  it("is refused twice, for nobody, and for a role that is none", async () => {
    const app = t.twin.addApplication();
    const gift = { principalId: app.id, roleDefinitionId: applicationAdministrator, directoryScopeId: "/" };
    const post = async (body: object) => (await t.ask("POST", `${base}/roleAssignments`, body)).status;
    expect(await post(gift)).toBe(201);
    expect(await post(gift)).toBe(400);
    expect(await post({ ...gift, principalId: "00000000-0000-4000-8000-000000000009" })).toBe(404);
    expect(await post({ ...gift, roleDefinitionId: "00000000-0000-4000-8000-000000000009" })).toBe(404);
  });

  it("is found through the advanced query only where groups count", async () => {
    const app = t.twin.addApplication();
    t.twin.as(admin).assignRole({ principalId: app.id, roleDefinitionId: globalReader });
    const path = `${base}/transitiveRoleAssignments?$count=true&$filter=principalId eq '${app.id}'`;
    expect((await t.ask("GET", path)).status).toBe(400);
    const found = await t.ask("GET", path, undefined, { ConsistencyLevel: "eventual" });
    expect(found.body).toMatchObject({ "@odata.count": 1, value: [{ roleDefinitionId: globalReader }] });
    expect(t.twin.violations).toEqual([]);
  });
});

describe("a role by PIM", () => {
  it("for later is a schedule only, until its time comes, and gone when it is over", async () => {
    const app = t.twin.addApplication();
    const period = { startsAt: now + hourMs, endsAt: now + 3 * hourMs };
    t.twin.as(admin).scheduleRole({ principalId: app.id, roleDefinitionId: globalReader, ...period });
    const counts = async () => [
      (await list("roleAssignmentSchedules", app.id)).length,
      (await list("roleAssignmentScheduleInstances", app.id)).length,
      (await list("roleAssignments", app.id)).length,
    ];
    expect(await counts()).toEqual([1, 0, 0]);
    expect(activities()).toEqual(["Add member to role in PIM completed (timebound)"]);
    now += 2 * hourMs;
    expect(await counts()).toEqual([1, 1, 1]);
    now += 2 * hourMs;
    expect(await counts()).toEqual([0, 0, 0]);
    expect(t.twin.violations).toEqual([]);
  });

  it("is removed by adminRemove whether it is in force or not, and a second time there is none", async () => {
    const app = t.twin.addApplication();
    const named = { principalId: app.id, roleDefinitionId: globalReader, directoryScopeId: "/" };
    t.twin.as(admin).scheduleRole({ ...named, startsAt: now + hourMs });
    t.twin.as(admin).makeEligible(named);
    expect(await list("roleEligibilityScheduleInstances", app.id)).toMatchObject([{ memberType: "Direct" }]);
    for (const path of ["roleAssignmentScheduleRequests", "roleEligibilityScheduleRequests"]) {
      const remove = () => t.ask("POST", `${base}/${path}`, { ...named, action: "adminRemove" });
      expect(await remove()).toMatchObject({ status: 201, body: { status: "Revoked", action: "adminRemove" } });
      expect(await remove()).toMatchObject({ status: 400, body: { error: { code: "RoleAssignmentDoesNotExist" } } });
    }
    expect(t.twin.state.rolesOf(app.id)).toEqual([]);
    expect(activities()).toContain("Add eligible member to role");
    expect(targetTypes("Add eligible member to role in PIM completed (permanent)")).toEqual([
      "Role",
      "Request",
      "ServicePrincipal",
    ]);
    expect(t.twin.violations).toEqual([]);
  });

  it("cannot be given twice, and validation alone changes nothing", async () => {
    const app = t.twin.addApplication();
    const body = { action: "adminAssign", principalId: app.id, roleDefinitionId: globalReader, directoryScopeId: "/" };
    const ask = (more: object) => t.ask("POST", `${base}/roleAssignmentScheduleRequests`, { ...body, ...more });
    expect((await ask({ isValidationOnly: true })).status).toBe(201);
    expect(t.twin.state.rolesOf(app.id)).toEqual([]);
    const scheduleInfo = { expiration: { type: "afterDuration", duration: "PT8H" } };
    expect(await ask({ scheduleInfo })).toMatchObject({ status: 201, body: { status: "Provisioned" } });
    expect(t.twin.state.rolesOf(app.id)).toMatchObject([{ endDateTime: new Date(now + 8 * hourMs).toISOString() }]);
    expect(await ask({})).toMatchObject({ status: 400, body: { error: { code: "RoleAssignmentExists" } } });
  });

  it("is 400 in a tenant without the licence, where plain assignments still work", async () => {
    await t.twin.stop();
    await start({ privilegedIdentityManagement: false });
    const app = t.twin.addApplication();
    for (const what of ["roleAssignmentSchedules", "roleEligibilitySchedules", "roleEligibilityScheduleInstances"]) {
      const answer = await t.ask("GET", `${base}/${what}`);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "AadPremiumLicenseRequired" } } });
    }
    t.twin.as(admin).assignRole({ principalId: app.id, roleDefinitionId: globalReader });
    expect(await list("roleAssignments", app.id)).toHaveLength(1);
  });
});
