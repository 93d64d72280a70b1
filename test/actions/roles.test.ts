/** Directory roles and Azure roles: only the victim's own, each by the way that can put it back as it was. */
import { describe, expect, test } from "vitest";
import { removeAzureRoles, removeDirectoryRoles, removeScheduledDirectoryRoles } from "../../shared/actions/index.ts";
import type { DirectoryRole } from "../support/harness-directory-items.ts";
import { type Directory, directory, ids, sent, snapshotOf } from "./directory.ts";

const admin = "62e90394-69f5-4237-9190-012177145e10";
const forever = { startDateTime: null, expiration: { type: "noExpiration", endDateTime: null, duration: null } };
const until = (endDateTime: string) => ({
  startDateTime: "2026-01-01T00:00:00Z",
  expiration: { type: "afterDateTime", endDateTime, duration: null },
});
const plain: DirectoryRole = {
  ...{ id: "r1", kind: "active", principalId: ids.servicePrincipalId, roleDefinitionId: admin },
  ...{ directoryScopeId: "/", appScopeId: null, scheduleInfo: forever, isRunning: true },
};
const bounded = { ...plain, id: "r2", directoryScopeId: "/administrativeUnits/x", scheduleInfo: until("2031-01-01") };
const future = { ...plain, id: "r3", scheduleInfo: { ...forever, startDateTime: "2099-01-01" }, isRunning: false };
const all = { roles: "all" as const };

function holding(...directoryRoles: DirectoryRole[]): Directory {
  return { ...directory(), directoryRoles };
}

describe("of the roles of the directory", () => {
  test("one that ends by itself goes as the schedule it is, all others as assignments, and none twice", () => {
    const held = snapshotOf(holding(plain, bounded));
    expect(removeDirectoryRoles.touches?.(all, held)).toEqual(["r1"]);
    expect(removeScheduledDirectoryRoles.touches?.(all, held)).toEqual(["r2"]);
    expect(removeScheduledDirectoryRoles.requests(all, held)[0]?.body).toMatchObject({
      action: "adminRemove",
      principalId: ids.servicePrincipalId,
      directoryScopeId: "/administrativeUnits/x",
    });
  });

  test("one that has not begun goes too, and comes back with its beginning", () => {
    const held = holding(future);
    const receipt = removeScheduledDirectoryRoles.keep(all, snapshotOf(held));
    const applied = sent(held, removeScheduledDirectoryRoles.requests(all, snapshotOf(held)));
    expect(applied.directoryRoles).toEqual([]);
    const back = removeScheduledDirectoryRoles.revert?.(receipt, snapshotOf(applied));
    expect(back).toMatchObject({ requests: [{ body: { action: "adminAssign", scheduleInfo: future.scheduleInfo } }] });
  });

  test("a named role goes in the named scope alone, or wherever it is held", () => {
    const held = snapshotOf(holding(plain, { ...plain, id: "r4", directoryScopeId: "/administrativeUnits/y" }));
    const named = (directoryScopeId: string | null) => ({ roles: [{ roleDefinitionId: admin, directoryScopeId }] });
    expect(removeDirectoryRoles.touches?.(named("/"), held)).toEqual(["r1"]);
    expect(removeDirectoryRoles.touches?.(named(null), held)).toEqual(["r1", "r4"]);
  });

  test("nothing is done on an answer that is about somebody else, or not whole", () => {
    const held = snapshotOf(holding(plain));
    const answering = (value: unknown[], link?: string) => ({
      ...held,
      body: (read: Parameters<typeof held.body>[0]) =>
        read.path.includes("/roleAssignments?") ? { value, "@odata.nextLink": link } : held.body(read),
    });
    const strangers = answering([{ ...plain, principalId: ids.stranger }]);
    expect(removeDirectoryRoles.requests(all, strangers)).toEqual([]);
    expect(() => removeDirectoryRoles.isInPlace(all, answering([], "https://more"))).toThrow(/more pages/);
  });

  test("a schedule that somebody made anew with another end is a conflict", () => {
    const receipt = removeScheduledDirectoryRoles.keep(all, snapshotOf(holding(bounded)));
    const anew = holding({ ...bounded, id: "r9", scheduleInfo: until("2040-01-01") });
    expect(removeScheduledDirectoryRoles.revert?.(receipt, snapshotOf(anew))).toHaveProperty("conflict");
    const gone = { ...anew, servicePrincipals: [] };
    expect(removeScheduledDirectoryRoles.revert?.(receipt, snapshotOf(gone))).toHaveProperty("conflict");
  });
});

describe("of the roles in Azure", () => {
  const subscription = "c0c0c0c0-0000-4000-8000-000000000001";
  const name = "00000000-0000-4000-8000-000000000001";
  const id = `/subscriptions/${subscription}/resourceGroups/pay roll/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const owner = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
  const role = { id, properties: { roleDefinitionId: owner, principalId: ids.servicePrincipalId } };
  const azure = (...azureRoleAssignments: Directory["azureRoleAssignments"]): Directory => ({
    ...directory(),
    azureSubscriptions: [subscription, subscription.replace(/1$/, "2")].map((subscriptionId) => {
      return { subscriptionId, state: "Enabled" };
    }),
    azureRoleAssignments,
  });
  const everything = { assignments: "all" as const };

  test("one above the subscriptions is listed in each, and goes once", () => {
    const above = `/providers/Microsoft.Management/managementGroups/root/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const requests = removeAzureRoles.requests(everything, snapshotOf(azure({ ...role, id: above })));
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([`DELETE ${above}?api-version=2022-04-01`]);
  });

  test("ids are encoded part by part, and an id that is no role assignment's is never followed", () => {
    const [request] = removeAzureRoles.requests(everything, snapshotOf(azure(role)));
    expect(request?.path).toContain("/resourceGroups/pay%20roll/providers/");
    const held = snapshotOf(azure(role));
    const body = (read: Parameters<typeof held.body>[0]) =>
      read.path.includes("roleAssignments") ? { value: [{ ...role, id: "/subscriptions/x?y" }] } : held.body(read);
    expect(() => removeAzureRoles.requests(everything, { ...held, body })).toThrow();
  });

  test("nothing readable is not nothing there", () => {
    expect(() => removeAzureRoles.isInPlace(everything, snapshotOf(directory()))).toThrow(/no Azure subscription/);
  });

  test("what was assigned anew, or under the same name to another, is not overwritten", () => {
    const receipt = removeAzureRoles.keep(everything, snapshotOf(azure(role)));
    const conditional = { ...role, properties: { ...role.properties, condition: "x" } };
    const stolen = { ...role, properties: { ...role.properties, principalId: ids.stranger } };
    for (const held of [azure(conditional), azure(stolen), { ...azure(), servicePrincipals: [] }]) {
      expect(removeAzureRoles.revert?.(receipt, snapshotOf(held))).toHaveProperty("conflict");
    }
    const renamed = { ...role, id: id.replace(/1$/, "7") };
    expect(removeAzureRoles.revert?.(receipt, snapshotOf(azure(renamed)))).toEqual({ requests: [] });
  });
});
