/** Takes the service principal out of groups: of all that can carry a directory role, or of exactly the given ones. */
import { z } from "zod";
import { TerminalError } from "../domain/errors.ts";
import { Guid } from "../domain/identity.ts";
import { apiPath } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import { directoryWrite, referenceTo } from "./directory-write.ts";
import { existsRead, membershipsRead } from "./foothold-reads.ts";
import { goneSince, holdsPermissions, ownObjectId, pageOf, wholeList, withOtherEnd } from "./own-objects.ts";
import { servicePrincipalRead } from "./reads.ts";

const Parameters = z.strictObject({ groups: z.union([z.literal("all-role-assignable"), z.array(Guid).min(1)]) });
type Parameters = z.infer<typeof Parameters>;

const Membership = z.object({
  id: Guid,
  "@odata.type": z.string(),
  isAssignableToRole: z.boolean().nullish(),
  securityEnabled: z.boolean().nullish(),
});
type Membership = z.infer<typeof Membership>;

const Page = pageOf(Membership);

/** Directory roles and administrative units are listed among them, and are no groups. */
function groupsOf(snapshot: Snapshot): readonly Membership[] {
  if (ownObjectId("servicePrincipal", snapshot) === null) return [];
  const all = wholeList(Page, snapshot, membershipsRead(snapshot.identity));
  return all.filter((one) => one["@odata.type"] === "#microsoft.graph.group");
}

/**
 * Null is Graph's word for "no" of a group that it shows, and for everything of a group that it does not show us: every group
 * says whether it is security-enabled, so one that does not is one we may not read.
 */
function isRoleAssignable({ id, isAssignableToRole, securityEnabled }: Membership): boolean {
  if (isAssignableToRole == null && securityEnabled == null) {
    throw new TerminalError(`group ${id} is not shown to us, so whether it carries a role is not known`, {
      code: "group-not-shown",
    });
  }
  return isAssignableToRole === true;
}

function going({ groups }: Parameters, snapshot: Snapshot): string[] {
  return groupsOf(snapshot)
    .filter((group) => (groups === "all-role-assignable" ? isRoleAssignable(group) : groups.includes(group.id)))
    .map(({ id }) => id);
}

export const removeGroupMemberships = defineAction({
  id: "remove-group-memberships",
  summary: "Takes the service principal out of every role-assignable group, or out of exactly the given groups.",
  parameters: Parameters,
  receipt: z.object({ servicePrincipalId: z.string(), removed: z.array(z.string()) }),
  impact: () => "reversible",
  appliesTo: holdsPermissions,
  /** A role-assignable group's members are changed with both (group-post-members, group-delete-members). */
  permissions: () => ["GroupMember.ReadWrite.All", "RoleManagement.ReadWrite.Directory"],
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity), membershipsRead(identity)],
  isInPlace: (parameters, snapshot) => going(parameters, snapshot).length === 0,
  keep: (parameters, snapshot) => ({
    servicePrincipalId: ownObjectId("servicePrincipal", snapshot) ?? "",
    removed: going(parameters, snapshot),
  }),
  requests(parameters, snapshot) {
    const victim = ownObjectId("servicePrincipal", snapshot);
    if (victim === null) return [];
    return going(parameters, snapshot).map((id) =>
      directoryWrite("DELETE", apiPath`/groups/${id}/members/${victim}/$ref`),
    );
  },
  touches: (parameters, snapshot) => going(parameters, snapshot),
  revertReads: ({ removed }, { identity }) => [
    servicePrincipalRead(identity),
    membershipsRead(identity),
    ...removed.map((id) => existsRead("groups", id)),
  ],
  revert({ servicePrincipalId, removed }, snapshot) {
    const conflict = goneSince("servicePrincipal", servicePrincipalId, snapshot);
    if (conflict !== null) return { conflict };
    const there = new Set(groupsOf(snapshot).map(({ id }) => id));
    const ends = withOtherEnd(removed, (id) => ({ collection: "groups", id }), snapshot);
    if ("conflict" in ends) return ends;
    const { returning, missing } = ends;
    const requests = returning
      .filter((id) => !there.has(id))
      .map((id) => directoryWrite("POST", apiPath`/groups/${id}/members/$ref`, referenceTo(servicePrincipalId)));
    return { requests, missing };
  },
});
