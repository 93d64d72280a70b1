/**
 * Removes directory roles that Privileged Identity Management keeps: eligible ones, those that end by themselves, and those that
 * have not begun. All by `adminRemove`; `cancel` is documented for the request behind a schedule, and for one that has not
 * begun the pages name both and exclude neither, so the re-reading decides.
 */
import { z } from "zod";
import type { ApiRequest } from "../ports/tenant.ts";
import { type ActionSubject, defineAction, type Snapshot } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";
import { goneSince, holdsPermissions, ownObjectId } from "./own-objects.ts";
import { servicePrincipalRead } from "./reads.ts";
import {
  isTimeBound,
  isWantedRole,
  type RoleSchedule,
  RoleTarget,
  roleAssignments,
  roleAssignmentsRead,
  roleKey,
  roleSchedules,
  roleSchedulesRead,
  roleTerms,
  type ScheduleKind,
} from "./role-reads.ts";

const Expiration = z.looseObject({
  type: z.string().nullable(),
  endDateTime: z.string().nullable(),
  duration: z.string().nullable(),
});

const Removed = z.object({
  kind: z.enum(["active", "eligible"]),
  id: z.string(),
  principalId: z.string(),
  roleDefinitionId: z.string(),
  directoryScopeId: z.string().nullable(),
  appScopeId: z.string().nullable(),
  scheduleInfo: z.looseObject({ startDateTime: z.string().nullable(), expiration: Expiration.nullish() }),
});
type Removed = z.infer<typeof Removed>;

const kinds: readonly ScheduleKind[] = ["active", "eligible"];

/** A role that is held for good is an assignment like any other, which `remove-directory-roles` takes away. */
function going(target: RoleTarget, snapshot: Snapshot): Removed[] {
  const held = new Set(roleAssignments(snapshot).map(roleKey));
  const active = roleSchedules("active", snapshot).filter((one) => isTimeBound(one) || !held.has(roleKey(one)));
  const all = [
    ...active.map((one) => kept("active", one)),
    ...roleSchedules("eligible", snapshot).map((one) => kept("eligible", one)),
  ];
  return all.filter((one) => isWantedRole(target, one));
}

function kept(kind: ScheduleKind, { status: _status, ...schedule }: RoleSchedule): Removed {
  return { kind, ...schedule };
}

function request(action: "adminRemove" | "adminAssign", one: Removed): ApiRequest {
  const collection = one.kind === "active" ? "roleAssignmentScheduleRequests" : "roleEligibilityScheduleRequests";
  const schedule = action === "adminAssign" ? { scheduleInfo: one.scheduleInfo } : {};
  const justification = action === "adminAssign" ? "Containment taken back by Tourniquet" : "Containment by Tourniquet";
  const body = { action, ...roleTerms(one), ...schedule, justification };
  return directoryWrite("POST", `/roleManagement/directory/${collection}`, body);
}

/** One request removes whatever is scheduled of a role in a scope. */
function distinct(all: readonly Removed[]): readonly Removed[] {
  return [...new Map(all.map((one) => [one.kind + roleKey(one), one])).values()];
}

function readsFor(id: string): readonly ApiRequest[] {
  return [roleAssignmentsRead(id), ...kinds.map((kind) => roleSchedulesRead(kind, id))];
}

function readsOf({ identity }: ActionSubject): readonly ApiRequest[] {
  const id = identity.servicePrincipalId;
  return [servicePrincipalRead(identity), ...(id === null ? [] : readsFor(id))];
}

/** When it ends, as far as it is said as a moment. */
function endOf({ scheduleInfo }: Pick<Removed, "scheduleInfo">): number | null {
  const end = scheduleInfo.expiration?.endDateTime;
  return end == null ? null : Date.parse(end);
}

export const removeScheduledDirectoryRoles = defineAction({
  id: "remove-scheduled-directory-roles",
  summary:
    "Removes eligible, time-bound and future directory roles in every scope, all of them or exactly the given ones.",
  parameters: RoleTarget,
  receipt: z.object({ servicePrincipalId: z.string(), removed: z.array(Removed) }),
  impact: () => "reversible",
  appliesTo: holdsPermissions,
  /** Covers assignments and both kinds of schedules; the narrower ones (`…Schedule.ReadWrite.Directory`) do not. */
  permissions: () => ["RoleManagement.ReadWrite.Directory"],
  reads: (_target, subject) => readsOf(subject),
  readsNext(_target, snapshot) {
    const id = ownObjectId("servicePrincipal", snapshot);
    return id === null ? [] : readsFor(id);
  },
  isInPlace: (target, snapshot) => going(target, snapshot).length === 0,
  keep: (target, snapshot) => ({
    servicePrincipalId: ownObjectId("servicePrincipal", snapshot) ?? "",
    removed: going(target, snapshot),
  }),
  requests: (target, snapshot) => distinct(going(target, snapshot)).map((one) => request("adminRemove", one)),
  touches: (target, snapshot) => going(target, snapshot).map(({ id }) => id),
  revertReads: ({ servicePrincipalId }, { identity }) => [
    servicePrincipalRead(identity),
    ...kinds.map((kind) => roleSchedulesRead(kind, servicePrincipalId)),
  ],
  revert({ servicePrincipalId, removed }, snapshot) {
    const conflict = goneSince("servicePrincipal", servicePrincipalId, snapshot);
    if (conflict !== null) return { conflict };
    const there = kinds.flatMap((kind) => roleSchedules(kind, snapshot).map((one) => kept(kind, one)));
    const now = new Map(there.map((one) => [one.kind + roleKey(one), one]));
    const other = removed.find((one) => {
      const found = now.get(one.kind + roleKey(one));
      return found !== undefined && endOf(found) !== endOf(one);
    });
    if (other !== undefined) {
      return { conflict: `role ${other.roleDefinitionId} of schedule ${other.id} was scheduled anew with another end` };
    }
    const missing = distinct(removed).filter((one) => !now.has(one.kind + roleKey(one)));
    return { requests: missing.map((one) => request("adminAssign", one)) };
  },
  lost: ({ removed }) => removed.map(({ id }) => `the id, and a beginning that has passed, of role schedule ${id}`),
});
