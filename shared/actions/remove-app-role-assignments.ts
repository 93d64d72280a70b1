/**
 * Removes application permissions that the identity holds, by the resource's `appRoleAssignedTo` as Graph recommends
 * (serviceprincipal-delete-approleassignments). Who may use the identity is never a list of things to delete.
 */
import { z } from "zod";
import { RetryableError, TerminalError } from "../domain/errors.ts";
import { Guid } from "../domain/identity.ts";
import { HeldAppRole } from "../domain/snapshot.ts";
import { apiPath } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";
import { everyAppRoleRead, existsRead, offeredAppRolesRead } from "./foothold-reads.ts";
import { goneSince, holdsPermissions, ownObjectId, pageOf, wholeList, withOtherEnd } from "./own-objects.ts";
import { servicePrincipalRead } from "./reads.ts";

const Wanted = z
  .strictObject({
    resourceId: Guid,
    appRoleId: Guid.nullable(),
    /** counts only where no id is given: the resource says now which of its permissions that is */
    value: z.string().min(1).nullable(),
  })
  .refine(({ appRoleId, value }) => appRoleId !== null || value !== null, "name the permission by its id or its value");
type Wanted = z.infer<typeof Wanted>;

const Parameters = z.strictObject({ assignments: z.union([z.literal("all"), z.array(Wanted).min(1)]) });
type Parameters = z.infer<typeof Parameters>;

const Page = pageOf(HeldAppRole);
const Offered = z
  .object({ id: Guid, appRoles: z.array(z.object({ id: Guid, value: z.string().nullish() })) })
  .nullable();

/** Those whose principal is the victim, and no group's that it is a member of. */
function held(snapshot: Snapshot): readonly HeldAppRole[] {
  const victim = ownObjectId("servicePrincipal", snapshot);
  if (victim === null) return [];
  const all = wholeList(Page, snapshot, everyAppRoleRead(snapshot.identity));
  return all.filter(({ principalId }) => principalId === victim);
}

/** @throws when the resource does not say which permission that is: unknown is no write, and not nothing to do. */
function idsOf(wanted: Wanted, snapshot: Snapshot): readonly string[] {
  if (wanted.appRoleId !== null) return [wanted.appRoleId];
  const offered = Offered.parse(snapshot.body(offeredAppRolesRead(wanted.resourceId)));
  if (offered === null) throw new RetryableError(`${wanted.resourceId} was not found`, { code: "replica-lag" });
  const ids = offered.appRoles.filter(({ value }) => value === wanted.value).map(({ id }) => id);
  if (ids.length > 0) return ids;
  throw new TerminalError(`${wanted.resourceId} has no application permission of that value`, { code: "no-such-role" });
}

function going({ assignments }: Parameters, snapshot: Snapshot): readonly HeldAppRole[] {
  const all = held(snapshot);
  if (assignments === "all") return all;
  return all.filter(({ resourceId, appRoleId }) =>
    assignments.some((wanted) => wanted.resourceId === resourceId && idsOf(wanted, snapshot).includes(appRoleId)),
  );
}

export const removeAppRoleAssignments = defineAction({
  id: "remove-app-role-assignments",
  summary: "Removes application permissions that the service principal holds, all of them or exactly the given ones.",
  parameters: Parameters,
  receipt: z.object({ servicePrincipalId: z.string(), removed: z.array(HeldAppRole) }),
  impact: () => "reversible",
  appliesTo: holdsPermissions,
  permissions: () => ["AppRoleAssignment.ReadWrite.All"],
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity), everyAppRoleRead(identity)],
  readsNext({ assignments }, snapshot) {
    if (assignments === "all") return [];
    const used = new Set(held(snapshot).map(({ resourceId }) => resourceId));
    const unnamed = assignments.filter(({ appRoleId, resourceId }) => appRoleId === null && used.has(resourceId));
    return [...new Set(unnamed.map(({ resourceId }) => resourceId))].map(offeredAppRolesRead);
  },
  isInPlace: (parameters, snapshot) => going(parameters, snapshot).length === 0,
  keep(parameters, snapshot) {
    const removed = [...going(parameters, snapshot)];
    return { servicePrincipalId: ownObjectId("servicePrincipal", snapshot) ?? "", removed };
  },
  requests: (parameters, snapshot) =>
    going(parameters, snapshot).map(({ resourceId, id }) =>
      directoryWrite("DELETE", apiPath`/servicePrincipals/${resourceId}/appRoleAssignedTo/${id}`),
    ),
  touches: (parameters, snapshot) => going(parameters, snapshot).map(({ id }) => id),
  revertReads: ({ removed }, { identity }) => [
    servicePrincipalRead(identity),
    everyAppRoleRead(identity),
    ...resourcesOf(removed).map((id) => existsRead("servicePrincipals", id)),
  ],
  revert({ servicePrincipalId, removed }, snapshot) {
    const conflict = goneSince("servicePrincipal", servicePrincipalId, snapshot);
    if (conflict !== null) return { conflict };
    const resource = ({ resourceId }: HeldAppRole) => ({ collection: "servicePrincipals" as const, id: resourceId });
    const ends = withOtherEnd(removed, resource, snapshot);
    if ("conflict" in ends) return ends;
    const { returning, missing } = ends;
    const there = new Set(held(snapshot).map(({ resourceId, appRoleId }) => `${resourceId} ${appRoleId}`));
    const wanted = returning.filter(({ resourceId, appRoleId }) => !there.has(`${resourceId} ${appRoleId}`));
    const requests = wanted.map(({ principalId, resourceId, appRoleId }) => {
      const body = { principalId, resourceId, appRoleId };
      return directoryWrite("POST", apiPath`/servicePrincipals/${resourceId}/appRoleAssignedTo`, body);
    });
    return { requests, missing };
  },
  lost: ({ removed }) => removed.map(({ id }) => `the id and the date of app role assignment ${id}`),
});

function resourcesOf(removed: readonly HeldAppRole[]): readonly string[] {
  return [...new Set(removed.map(({ resourceId }) => resourceId))];
}
