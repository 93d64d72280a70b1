/** Owners and memberships: exactly the named ones, at exactly the named object, and no group that we are not shown. */
import { describe, expect, test } from "vitest";
import { removeGroupMemberships, removeOwners, removeOwnerships } from "../../shared/actions/index.ts";
import type { Group, Ownership } from "../support/harness-directory-items.ts";
import { others, withOthers } from "./arbitrary-footholds.ts";
import { type Directory, directory, ids, snapshotOf } from "./directory.ts";

const [user] = others.users;
const lines = (requests: readonly { method: string; path: string }[]) =>
  requests.map(({ method, path }) => `${method} ${path}`);

function owning(...ownerships: Ownership[]): Directory {
  return { ...withOthers(directory()), ownerships };
}

describe("owners", () => {
  const owned = owning(
    { collection: "applications", objectId: ids.applicationObjectId, ownerId: user },
    { collection: "servicePrincipals", objectId: ids.servicePrincipalId, ownerId: user },
  );

  test("go from the named object alone", () => {
    const parameters = { object: "application", objectId: ids.applicationObjectId, owners: [user] } as const;
    expect(lines(removeOwners.requests({ ...parameters, owners: [user] }, snapshotOf(owned)))).toEqual([
      `DELETE /applications/${ids.applicationObjectId}/owners/${user}/$ref`,
    ]);
  });

  test("stay where the evidence names another object", () => {
    const parameters = { object: "application", objectId: ids.stranger, owners: "all" } as const;
    expect(removeOwners.isInPlace(parameters, snapshotOf(owned))).toBe(true);
    expect(removeOwners.requests(parameters, snapshotOf(owned))).toEqual([]);
  });

  test("are not put back on an object that is gone", () => {
    const parameters = { object: "application", objectId: null, owners: "all" } as const;
    const receipt = removeOwners.keep(parameters, snapshotOf(owned));
    expect(removeOwners.revert?.(receipt, snapshotOf({ ...owned, applications: [] }))).toHaveProperty("conflict");
  });
});

describe("ownerships", () => {
  const victim = ids.servicePrincipalId;
  const held = owning(
    { collection: "applications", objectId: others.application, ownerId: victim },
    { collection: "servicePrincipals", objectId: others.client, ownerId: victim },
    { collection: "groups", objectId: others.groups[0], ownerId: victim },
    { collection: "applications", objectId: ids.applicationObjectId, ownerId: victim },
    { collection: "applications", objectId: others.application, ownerId: user },
  );

  test("of others' applications and service principals end, and nobody else's", () => {
    expect(lines(removeOwnerships.requests({}, snapshotOf(held)))).toEqual([
      `DELETE /applications/${others.application}/owners/${victim}/$ref`,
      `DELETE /servicePrincipals/${others.client}/owners/${victim}/$ref`,
    ]);
  });

  test("are not given back of an object that is gone", () => {
    const receipt = removeOwnerships.keep({}, snapshotOf(held));
    const now = { ...directory(), ownerships: [] };
    expect(removeOwnerships.revert?.(receipt, snapshotOf(now))).toHaveProperty("conflict");
  });
});

describe("memberships", () => {
  const group = (id: string, change: Partial<Group> = {}): Group => ({
    ...{ id, type: "group", isAssignableToRole: true, securityEnabled: true },
    members: [ids.servicePrincipalId],
    ...change,
  });
  const [carrier, plain, role] = others.groups;
  const member = (...groups: Group[]): Directory => ({ ...withOthers(directory()), groups });
  const every = { groups: "all-role-assignable" as const };

  test("end in role-assignable groups, and in no other unless it is named", () => {
    const ordinary = group(plain, { isAssignableToRole: null });
    const held = snapshotOf(member(group(carrier), ordinary, group(role, { type: "directoryRole" })));
    const path = (id: string) => `DELETE /groups/${id}/members/${ids.servicePrincipalId}/$ref`;
    expect(lines(removeGroupMemberships.requests(every, held))).toEqual([path(carrier)]);
    expect(lines(removeGroupMemberships.requests({ groups: [plain, role] }, held))).toEqual([path(plain)]);
  });

  test("in a group that is not shown to us are unknown, unless it is named", () => {
    const held = snapshotOf(member(group(carrier, { isAssignableToRole: null, securityEnabled: null })));
    expect(() => removeGroupMemberships.isInPlace(every, held)).toThrow("not shown to us");
    expect(removeGroupMemberships.isInPlace({ groups: [carrier] }, held)).toBe(false);
  });

  test("are not given back in a group that is gone", () => {
    const receipt = removeGroupMemberships.keep(every, snapshotOf(member(group(carrier))));
    expect(removeGroupMemberships.revert?.(receipt, snapshotOf(member()))).toHaveProperty("conflict");
  });
});
