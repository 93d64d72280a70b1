/**
 * Removes active directory roles in every scope. One that ends by itself is left to `remove-scheduled-directory-roles`: put back
 * as a plain assignment it would never end, and so be more than it was.
 */
import { z } from "zod";
import { type ApiRequest, apiPath } from "../ports/tenant.ts";
import { type ActionSubject, defineAction, type Snapshot } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";
import { goneSince, holdsPermissions, ownObjectId } from "./own-objects.ts";
import { servicePrincipalRead } from "./reads.ts";
import {
  isTimeBound,
  isWantedRole,
  type RoleAssignment,
  RoleTarget,
  roleAssignments,
  roleAssignmentsRead,
  roleKey,
  roleSchedules,
  roleSchedulesRead,
  roleTerms,
} from "./role-reads.ts";

const Removed = z.object({
  id: z.string(),
  principalId: z.string(),
  roleDefinitionId: z.string(),
  directoryScopeId: z.string().nullable(),
  appScopeId: z.string().nullable(),
  condition: z.string().nullable(),
});

const collection = "/roleManagement/directory/roleAssignments";

function going(target: RoleTarget, snapshot: Snapshot): RoleAssignment[] {
  const timeBound = new Set(roleSchedules("active", snapshot).filter(isTimeBound).map(roleKey));
  return roleAssignments(snapshot).filter((one) => isWantedRole(target, one) && !timeBound.has(roleKey(one)));
}

function readsOf({ identity }: ActionSubject): readonly ApiRequest[] {
  const id = identity.servicePrincipalId;
  const own = id === null ? [] : [roleAssignmentsRead(id), roleSchedulesRead("active", id)];
  return [servicePrincipalRead(identity), ...own];
}

export const removeDirectoryRoles = defineAction({
  id: "remove-directory-roles",
  summary: "Removes active directory roles in every scope, all of them or exactly the given ones.",
  parameters: RoleTarget,
  receipt: z.object({ servicePrincipalId: z.string(), removed: z.array(Removed) }),
  impact: () => "reversible",
  appliesTo: holdsPermissions,
  permissions: () => ["RoleManagement.ReadWrite.Directory"],
  reads: (_target, subject) => readsOf(subject),
  readsNext(_target, snapshot) {
    const id = ownObjectId("servicePrincipal", snapshot);
    return id === null ? [] : [roleAssignmentsRead(id), roleSchedulesRead("active", id)];
  },
  isInPlace: (target, snapshot) => going(target, snapshot).length === 0,
  keep: (target, snapshot) => ({
    servicePrincipalId: ownObjectId("servicePrincipal", snapshot) ?? "",
    removed: going(target, snapshot),
  }),
  requests: (target, snapshot) =>
    going(target, snapshot).map(({ id }) => directoryWrite("DELETE", collection + apiPath`/${id}`)),
  touches: (target, snapshot) => going(target, snapshot).map(({ id }) => id),
  revertReads: ({ servicePrincipalId }, { identity }) => [
    servicePrincipalRead(identity),
    roleAssignmentsRead(servicePrincipalId),
  ],
  revert({ servicePrincipalId, removed }, snapshot) {
    const conflict = goneSince("servicePrincipal", servicePrincipalId, snapshot);
    if (conflict !== null) return { conflict };
    const there = new Set(roleAssignments(snapshot).map(roleKey));
    const missing = removed.filter((one) => !there.has(roleKey(one)));
    return {
      requests: missing.map(({ condition, ...one }) =>
        directoryWrite("POST", collection, { ...roleTerms(one), ...(condition === null ? {} : { condition }) }),
      ),
    };
  },
  lost: ({ removed }) => removed.map(({ id }) => `the id of directory role assignment ${id}`),
});
