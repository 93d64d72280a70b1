/** Directory roles of an identity as Graph shows them: assignments now, and the schedules of Privileged Identity Management. */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { type ApiRequest, odataString } from "../ports/tenant.ts";
import type { Snapshot } from "./action.ts";
import { ownObjectId, pageOf, wholeList } from "./own-objects.ts";

/** Null scope: that role in whichever scope. */
export const RoleTarget = z.strictObject({
  roles: z.union([
    z.literal("all"),
    z.array(z.strictObject({ roleDefinitionId: Guid, directoryScopeId: z.string().min(1).nullable() })).min(1),
  ]),
});
export type RoleTarget = z.infer<typeof RoleTarget>;

const optional = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

/** One of the two scopes is there: of the directory (`/`, `/administrativeUnits/{id}`, `/{object id}`) or of an app. */
const role = {
  id: z.string(),
  principalId: Guid,
  roleDefinitionId: Guid,
  directoryScopeId: optional,
  appScopeId: optional,
};

const RoleAssignment = z.object({ ...role, condition: optional });
export type RoleAssignment = z.infer<typeof RoleAssignment>;

/** Put back as it came, members that we do not know included. */
const ScheduleInfo = z.looseObject({
  startDateTime: optional,
  expiration: z.looseObject({ type: optional, endDateTime: optional, duration: optional }).nullish(),
});

const RoleSchedule = z.object({ ...role, status: optional, scheduleInfo: ScheduleInfo });
export type RoleSchedule = z.infer<typeof RoleSchedule>;

const Assignments = pageOf(RoleAssignment);
const Schedules = pageOf(RoleSchedule);

/** `active` roles work by themselves, `eligible` ones after an activation. */
export type ScheduleKind = "active" | "eligible";

/** Answered so by a tenant that has no licence for schedules, and hence none of them. */
const unlicensed = ["AadPremiumLicenseRequired"];

function ofPrincipal(collection: string, principalId: string): ApiRequest {
  const path = `/roleManagement/directory/${collection}?$filter=principalId eq ${odataString(principalId)}`;
  return { method: "GET", version: "v1.0", path, lane: "directory", allPages: true };
}

export function roleAssignmentsRead(principalId: string): ApiRequest {
  return ofPrincipal("roleAssignments", principalId);
}

export function roleSchedulesRead(kind: ScheduleKind, principalId: string): ApiRequest {
  const collection = kind === "active" ? "roleAssignmentSchedules" : "roleEligibilitySchedules";
  return { ...ofPrincipal(collection, principalId), emptyWhen: unlicensed };
}

/** Those whose principal is the victim, and no group's that it is a member of. */
export function roleAssignments(snapshot: Snapshot): readonly RoleAssignment[] {
  const victim = ownObjectId("servicePrincipal", snapshot);
  if (victim === null) return [];
  const all = wholeList(Assignments, snapshot, roleAssignmentsRead(victim));
  return all.filter(({ principalId }) => principalId === victim);
}

const over: ReadonlySet<string> = new Set(["Canceled", "Denied", "Failed", "Revoked"]);

export function roleSchedules(kind: ScheduleKind, snapshot: Snapshot): readonly RoleSchedule[] {
  const victim = ownObjectId("servicePrincipal", snapshot);
  if (victim === null) return [];
  const all = wholeList(Schedules, snapshot, roleSchedulesRead(kind, victim));
  return all.filter(({ principalId, status }) => principalId === victim && !over.has(status ?? ""));
}

type Scoped = Pick<RoleAssignment, "roleDefinitionId" | "directoryScopeId" | "appScopeId">;

/** The same for the same role in the same scope, for one principal. */
export function roleKey({ roleDefinitionId, directoryScopeId, appScopeId }: Scoped): string {
  return JSON.stringify([roleDefinitionId, directoryScopeId, appScopeId]);
}

export function isWantedRole({ roles }: RoleTarget, { roleDefinitionId, directoryScopeId }: Scoped): boolean {
  if (roles === "all") return true;
  return roles.some(
    (one) =>
      one.roleDefinitionId === roleDefinitionId &&
      (one.directoryScopeId === null || one.directoryScopeId === directoryScopeId),
  );
}

/** Does it end by itself? Then it is taken away, and put back, as the schedule it is. */
export function isTimeBound({ scheduleInfo: { expiration } }: RoleSchedule): boolean {
  if (expiration?.endDateTime != null) return true;
  return expiration?.type === "afterDateTime" || expiration?.type === "afterDuration";
}

/** Who, which role and where, as a body says it. */
export function roleTerms({ principalId, ...scoped }: Scoped & Pick<RoleAssignment, "principalId">) {
  const { roleDefinitionId, directoryScopeId, appScopeId } = scoped;
  const scope = directoryScopeId === null ? { appScopeId } : { directoryScopeId };
  return { principalId, roleDefinitionId, ...scope };
}
