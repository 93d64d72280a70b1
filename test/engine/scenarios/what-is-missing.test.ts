/** A permission that we lack, an object that is gone, an answer nobody understands: the rest goes on, and what is missing is said. */
import { describe, expect, it } from "vitest";
import { actions } from "../../../shared/engine/registry.ts";
import type { Harness } from "../../support/harness.ts";
import { applicationId, guid, self, servicePrincipalId, tenantId } from "../../support/harness-cast.ts";
import { addFootholds, api } from "../../support/harness-footholds.ts";
import { apply, observing, putPlan, type Wanted } from "../../support/harness-plans.ts";
import { approveAll, file, leakedSecret, principal, world } from "../../support/playbook-scenes.ts";

const hour = 3600_000;
const risk = "IdentityRiskyServicePrincipal.ReadWrite.All";
const everything = [...actions.values()].flatMap((action) => action.permissions("home-single-tenant"));

async function statuses(harness: Harness, playbook: string): Promise<ReadonlyMap<string, string>> {
  const { stages } = await harness.plan(playbook);
  const steps = stages.flatMap(({ steps: found }) => found);
  return new Map(steps.map(({ action, outcome }) => [action, `${outcome?.status}: ${outcome?.reason}`]));
}

describe("a permission that our token lacks", () => {
  it("passes over the optional step that needs it, says so before and after, and does the rest", async () => {
    const harness = await world();
    harness.tenant.self = { ...self, roles: everything.filter((name) => name !== risk) };
    await file(harness, leakedSecret);
    await harness.decide("contain");
    await harness.run(hour);
    const shown = await statuses(harness, "contain-compromised-identity");
    expect(shown.get("confirm-compromised")).toMatch(
      new RegExp(`^awaiting-approval: .*will be skipped: .*lacks ${risk}`),
    );
    await approveAll(harness);
    const after = await statuses(harness, "contain-compromised-identity");
    expect(after.get("confirm-compromised")).toBe(`skipped: our access token lacks ${risk}`);
    expect(after.get("remove-app-role-assignments")).toMatch(/^applied/);
    expect((await harness.stage("eradicate")).status).toBe("done");
    expect(harness.lines().filter((line) => line.includes("identityProtection"))).toEqual([]);
  });

  it.each([
    ["in the stage that comes next", [risk], /permitted: .*\(disable-service-principal\)/],
    [
      "in a stage behind it",
      everything.filter((name) => name !== "AppRoleAssignment.ReadWrite.All"),
      /permitted: .*AppRoleAssignment\.ReadWrite\.All \(remove-app-role-assignments\)/,
    ],
  ])(
    "refuses the plan whose required step needs it, and names both, before anything is written: %s",
    async (_, roles, named) => {
      const harness = await world();
      harness.tenant.self = { ...self, roles };
      await file(harness, leakedSecret);
      const { status, reasons } = await harness.stage("contain");
      expect(status).toBe("blocked");
      expect(reasons.join()).toMatch(named);
      expect(harness.tenant.writes).toEqual([]);
    },
  );
});

const removal: Wanted = {
  action: "remove-app-role-assignments",
  parameters: { assignments: "all" },
  stage: "eradicate",
};

describe("the other end of something that was removed", () => {
  it("is gone: the rest returns, and what has nowhere to return to is told", async () => {
    const harness = await observing();
    harness.tenant.change((directory) => {
      addFootholds(directory);
      const [first] = directory.appRoleAssignments;
      const [resource] = directory.servicePrincipals.filter(({ id }) => id === api);
      if (first === undefined || resource === undefined) throw new Error("no foothold");
      directory.servicePrincipals.push({ ...resource, id: guid(950), appId: guid(951) });
      directory.appRoleAssignments.push({ ...first, id: "elsewhere", resourceId: guid(950) });
    });
    await apply(harness, await putPlan(harness, [removal]));
    expect(harness.tenant.directory.appRoleAssignments).toEqual([]);
    harness.tenant.change((directory) => {
      directory.servicePrincipals = directory.servicePrincipals.filter(({ id }) => id !== guid(950));
    });
    await harness.undo();
    await harness.run(hour);
    expect(harness.tenant.directory.appRoleAssignments).toHaveLength(2);
    const [told] = harness.events("plan.reverted");
    expect(told?.message).toContain(`${guid(950)} of servicePrincipals is not there any more`);
    expect(JSON.stringify(told?.data.neverBack)).toContain(guid(950));
    expect((await harness.stage("undo", "undo")).verification?.state).toBe("verified");
  });
});

describe("a service principal that the stage deleted itself", () => {
  const foreign = async () => {
    const harness = await observing();
    harness.tenant.change((directory) => {
      Object.assign(principal(directory), { appOwnerOrganizationId: guid(7) });
      directory.applications = directory.applications.filter(({ id }) => id !== applicationId);
    });
    return harness;
  };

  it("is verified as gone and comes back, although Graph cannot say any more what it was", async () => {
    const harness = await foreign();
    const plan = await putPlan(harness, [{ action: "delete-service-principal", stage: "eradicate" }]);
    await apply(harness, plan);
    harness.world.hub.push({
      kind: "stage",
      identity: (await harness.plan()).identity,
      planId: plan.id,
      stage: "eradicate",
      verifies: true,
    });
    await harness.run(hour);
    expect((await harness.stage("eradicate", "made-by-a-test")).verification?.state).toBe("verified");
    await harness.undo();
    await harness.run(hour);
    expect(harness.tenant.directory.servicePrincipals.map(({ id }) => id)).toContain(servicePrincipalId);
    expect((await harness.stage("undo", "undo")).verification?.state).toBe("verified");
  });

  it("counts as deleted by us when the answer was lost", async () => {
    const harness = await foreign();
    const plan = await putPlan(harness, [{ action: "delete-service-principal", stage: "eradicate" }]);
    harness.tenant.faults.push({ method: "DELETE", path: "/servicePrincipals/", answer: "lost-reply", times: 1 });
    await apply(harness, plan);
    const [step] = (await harness.stage("eradicate", "made-by-a-test")).steps;
    expect(step?.outcome).toMatchObject({ status: "applied", reason: expect.stringContaining("the answer was lost") });
    expect(harness.tenant.writes).toHaveLength(1);
  });
});

it("an answer that an action cannot read keeps people from none of the other steps, and says why", async () => {
  const harness = await world((directory) => {
    for (const grant of directory.grants) Object.assign(grant, { scope: 7 });
  });
  await file(harness, leakedSecret);
  await harness.decide("contain");
  await harness.run(hour);
  const shown = await statuses(harness, "contain-compromised-identity");
  expect(shown.get("remove-delegated-grants")).toMatch(/what it would send is not known/);
  expect((await harness.stage("eradicate")).status).toBe("waiting");
});

it("after a containment an object id alone names the identity", async () => {
  const harness = await world();
  await file(harness, leakedSecret);
  await harness.decide("contain");
  await harness.run(60_000);
  for (const id of [servicePrincipalId, applicationId])
    expect(await harness.tables.stores.aliases.get(tenantId, id)).toMatchObject({
      servicePrincipalId,
      applicationObjectId: applicationId,
    });
});
