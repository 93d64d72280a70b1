/** Application permissions: those that the identity holds, found by id or by what the resource calls them now. */
import { describe, expect, test } from "vitest";
import { removeAppRoleAssignments as action } from "../../shared/actions/index.ts";
import type { AppRoleAssignment } from "../support/harness-directory-items.ts";
import { others, values, withOthers } from "./arbitrary-footholds.ts";
import { type Directory, directory, ids, snapshotOf } from "./directory.ts";

const [resourceId, otherResource] = others.resources;
const [mailRead, sites] = others.appRoles;
const held: AppRoleAssignment = {
  id: "held",
  principalId: ids.servicePrincipalId,
  principalType: "ServicePrincipal",
  resourceId,
  appRoleId: mailRead,
};

function holding(...appRoleAssignments: AppRoleAssignment[]): Directory {
  return { ...withOthers(directory()), appRoleAssignments };
}

const byValue = (value: string, resource: string = resourceId) => ({
  assignments: [{ resourceId: resource, appRoleId: null, value }],
});
const deleted = (parameters: Parameters<typeof action.requests>[0], directoryHeld: Directory) =>
  action.requests(parameters, snapshotOf(directoryHeld)).map(({ path }) => path);

test("who may use the identity is never a list of things to delete", () => {
  const granted = { ...held, id: "granted", principalId: others.client, resourceId: ids.servicePrincipalId };
  expect(deleted({ assignments: "all" }, holding(held, granted))).toEqual([
    `/servicePrincipals/${resourceId}/appRoleAssignedTo/held`,
  ]);
});

test("an assignment of another principal is left alone, even if Graph lists it", () => {
  const snapshot = snapshotOf(holding(held));
  const groups = { ...held, id: "by-a-group", principalId: others.groups[0] };
  const mixed = {
    ...snapshot,
    body: (read: Parameters<typeof snapshot.body>[0]) => (read.allPages ? { value: [groups] } : snapshot.body(read)),
  };
  expect(action.requests({ assignments: "all" }, mixed)).toEqual([]);
});

test("a value is what the resource calls it now, asked only where the identity holds something of it", () => {
  const directoryHeld = holding(held, { ...held, id: "sites", appRoleId: sites });
  expect(deleted(byValue(values[1] ?? ""), directoryHeld)).toEqual([
    `/servicePrincipals/${resourceId}/appRoleAssignedTo/sites`,
  ]);
  const asked = (resource: string) => action.readsNext?.(byValue("Mail.Read", resource), snapshotOf(directoryHeld));
  expect(asked(resourceId)?.map(({ path }) => path)).toEqual([`/servicePrincipals/${resourceId}?$select=id,appRoles`]);
  expect(asked(otherResource)).toEqual([]);
});

test("a value that the resource does not know is unknown, not in place", () => {
  expect(() => action.isInPlace(byValue("Mail.Send"), snapshotOf(holding(held)))).toThrow("no application permission");
});

test("a permission named neither by id nor by value is refused", () => {
  const nameless = { assignments: [{ resourceId, appRoleId: null, value: null }] };
  expect(action.parameters.safeParse(nameless).success).toBe(false);
});

describe("the way back", () => {
  const receipt = action.keep({ assignments: "all" }, snapshotOf(holding(held)));
  const back = (now: Directory) => action.revert?.(receipt, snapshotOf(now));

  test("assigns at the resource again what was held, and says what changes", () => {
    expect(back(holding())).toMatchObject({
      requests: [
        {
          method: "POST",
          path: `/servicePrincipals/${resourceId}/appRoleAssignedTo`,
          body: { principalId: ids.servicePrincipalId, resourceId, appRoleId: mailRead },
        },
      ],
    });
    expect(action.lost?.(receipt)).toEqual(["the id and the date of app role assignment held"]);
  });

  test("sends nothing when somebody assigned it again", () => {
    expect(back(holding({ ...held, id: "another" }))).toMatchObject({ requests: [] });
  });

  test.each([
    ["the resource", { ...directory(), appRoleAssignments: [] }],
    ["the service principal", { ...holding(), servicePrincipals: [] }],
  ])("is a conflict when %s is gone", (_, now) => {
    expect(back(now)).toHaveProperty("conflict");
  });
});
