import fc from "fast-check";
import { expect, test } from "vitest";
import { workloadChange } from "../../shared/records/workload-change.ts";
import { applicationId, audit, type Raw, servicePrincipalId, target, tenantId } from "./build.ts";

const actor = "c6de1beb-148e-43f6-8c73-29d84232e699";
const graph = "e7d34cf5-a413-41ed-b340-305e5d53049d";
const user = "9d8001cb-a159-4252-a3a1-c2dc689f322a";
const byWorkload = {
  app: { appId: null, displayName: "Legacy", servicePrincipalId: actor, servicePrincipalName: null },
};
const did = (operation: string, properties: Raw) =>
  workloadChange(audit({ initiatedBy: byWorkload, ...properties }, operation), tenantId);
const said = (displayName: string, value: string) => ({ displayName, oldValue: null, newValue: JSON.stringify(value) });

test("any activity of a workload names what it did and to what", () => {
  expect(did("Update user", { targetResources: [target("User", user), target(null, "not-an-id")] })).toEqual({
    actorId: actor,
    objects: [{ id: user, type: "User", activity: "update user", at: Date.parse("2026-03-02T09:40:00.100Z") }],
  });
});

test("of a grant the grantee changed, not the API; of an owner both; a role never", () => {
  const ids = (operation: string, ...targetResources: Raw[]) =>
    did(operation, { targetResources })?.objects.map(({ id }) => id);
  const grant = target("ServicePrincipal", graph, said("ServicePrincipal.ObjectID", servicePrincipalId));
  expect(ids("Add app role assignment to service principal", grant)).toEqual([servicePrincipalId]);
  const owner = target("User", user, said("Application.ObjectID", applicationId));
  expect(ids("Add owner to application", owner)).toEqual([user, applicationId]);
  const lost = { displayName: "Application.ObjectID", oldValue: JSON.stringify(applicationId), newValue: null };
  expect(ids("Remove owner from application", target("User", user, lost))).toEqual([user, applicationId]);
  expect(ids("Add member to role", target("ServicePrincipal", servicePrincipalId), target("Role", graph))).toEqual([
    servicePrincipalId,
  ]);
});

test.each<[string, unknown]>([
  ["a user", audit()],
  ["nobody", audit({ initiatedBy: {} })],
  ["the platform, which has no service principal here", audit({ initiatedBy: { app: { displayName: "Jit" } } })],
  ["a workload that failed", audit({ initiatedBy: byWorkload, result: "failure" })],
  ["a workload of another tenant", { ...audit({ initiatedBy: byWorkload }), tenantId: graph }],
  ["a workload, to nothing", audit({ initiatedBy: byWorkload, targetResources: [] })],
  ["a workload, in another log", { ...audit({ initiatedBy: byWorkload }), category: "SignInLogs" }],
])("what %s did is not kept", (_, record) => {
  expect(workloadChange(record, tenantId)).toBeNull();
});

test("never throws", () => {
  const hostile = fc.dictionary(
    fc.constantFrom("initiatedBy", "targetResources", "result", "activityDateTime", "x"),
    fc.anything(),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        hostile.map((properties) => audit({ initiatedBy: byWorkload, ...properties })),
      ),
      (record) => {
        workloadChange(record, tenantId);
      },
    ),
  );
});
