/** Privileged Identity Management of directory roles: schedules, instances and requests. Without the licence all of it is 400. */
import { badRequest, type Call, failure, fields, type Handler, type Reply } from "./call.ts";
import { list } from "./odata.ts";
import { roleFilters, termsOf, viewOf } from "./role-assignments.ts";
import { emitRoleChange } from "./role-audits.ts";
import { holdingOf, isCurrent, isSameRole, isScheduled, type RoleHolding, type RoleTerms } from "./role-store.ts";
import type { World } from "./world.ts";

type Kind = RoleHolding["kind"];

/** The answer of a tenant that has not bought PIM. */
function unlicensed(world: World): Reply | null {
  if (world.settings.licences.privilegedIdentityManagement) return null;
  const message = "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.";
  return failure(400, "AadPremiumLicenseRequired", message);
}

function licensed(handler: Handler): Handler {
  return (world, call) => unlicensed(world) ?? handler(world, call);
}

function shownSchedule(holding: RoleHolding) {
  const { id, kind, principalId, roleDefinitionId, directoryScopeId, createdDateTime, createdUsing } = holding;
  return {
    ...{ id, principalId, roleDefinitionId, directoryScopeId, appScopeId: null, createdDateTime, createdUsing },
    modifiedDateTime: null,
    status: "Provisioned",
    memberType: "Direct",
    ...(kind === "active" ? { assignmentType: "Assigned" } : {}),
    scheduleInfo: scheduleInfoOf(holding),
  };
}

function scheduleInfoOf({ startDateTime, endDateTime }: RoleHolding) {
  const type = endDateTime === null ? "noExpiration" : "afterDateTime";
  return { startDateTime, recurrence: null, expiration: { type, endDateTime, duration: null } };
}

function shownInstance(holding: RoleHolding) {
  const { id, assignmentId, kind, principalId, roleDefinitionId, directoryScopeId } = holding;
  const { startDateTime, endDateTime } = holding;
  const ofKind =
    kind === "active"
      ? { assignmentType: "Assigned", roleAssignmentOriginId: assignmentId, roleAssignmentScheduleId: id }
      : { roleEligibilityScheduleId: id };
  return {
    id: assignmentId,
    ...{ principalId, roleDefinitionId, directoryScopeId, appScopeId: null, startDateTime, endDateTime },
    memberType: "Direct",
    ...ofKind,
  };
}

function listSchedules(kind: Kind): Handler {
  const type = `microsoft.graph.unifiedRole${kind === "active" ? "Assignment" : "Eligibility"}Schedule`;
  return licensed((world, call) => {
    const all = viewOf(world, (holding) => holding.kind === kind && isScheduled(world, holding), shownSchedule);
    return list(world, call, all, { type, filterable: [...roleFilters, "status"] });
  });
}

function listInstances(kind: Kind): Handler {
  const type = `microsoft.graph.unifiedRole${kind === "active" ? "Assignment" : "Eligibility"}ScheduleInstance`;
  return licensed((world, call) => {
    const all = viewOf(world, (holding) => holding.kind === kind && isCurrent(world, holding), shownInstance);
    return list(world, call, all, { type, filterable: roleFilters });
  });
}

/** `PT8H`, `P30D`: the durations people set. */
function durationMs(text: string): number {
  const [, days = 0, hours = 0, minutes = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? [];
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000;
}

function periodOf(world: World, scheduleInfo: unknown): Pick<RoleTerms, "startsAt" | "endsAt"> {
  const { startDateTime, expiration } = fields(scheduleInfo);
  const asked = typeof startDateTime === "string" ? Date.parse(startDateTime) : world.now();
  const startsAt = Math.max(asked, world.now());
  const { type, endDateTime, duration } = fields(expiration);
  if (type === "afterDuration") return { startsAt, endsAt: startsAt + durationMs(String(duration)) };
  return { startsAt, endsAt: typeof endDateTime === "string" ? Date.parse(endDateTime) : null };
}

type Named = Omit<RoleTerms, "startsAt" | "endsAt" | "createdUsing">;

function assign(
  world: World,
  call: Call,
  named: Named,
  requestId: string,
  validationOnly: boolean,
): Reply | RoleHolding {
  const { holdings } = world.directory.roles;
  const same = holdings.where((one) => isSameRole(one, named) && isScheduled(world, one));
  if (same.length > 0) return failure(400, "RoleAssignmentExists", "The Role assignment already exists.");
  const period = periodOf(world, fields(call.body).scheduleInfo);
  if (period.endsAt !== null && period.endsAt <= period.startsAt)
    return badRequest("The schedule ends before it starts.");
  const holding = holdingOf(world, { ...named, ...period, createdUsing: requestId });
  if (validationOnly) return holding;
  holdings.put(holding);
  emitRoleChange(world, call, holding, "Add", requestId, isCurrent(world, holding));
  return holding;
}

function remove(
  world: World,
  call: Call,
  named: Named,
  requestId: string,
  validationOnly: boolean,
): Reply | RoleHolding {
  const { holdings } = world.directory.roles;
  const found = holdings.where((one) => isSameRole(one, named) && isScheduled(world, one));
  const [first] = found;
  if (!first) return failure(400, "RoleAssignmentDoesNotExist", "The Role assignment does not exist.");
  for (const holding of validationOnly ? [] : found) {
    holdings.remove(holding.id);
    emitRoleChange(world, call, holding, "Remove", requestId, isCurrent(world, holding));
  }
  return first;
}

function statusOf(world: World, holding: RoleHolding, removed: boolean): string {
  if (removed) return "Revoked";
  return isCurrent(world, holding) ? "Provisioned" : "Granted";
}

function request(kind: Kind): Handler {
  return licensed((world, call) => {
    const body = fields(call.body);
    const named = termsOf(world, body, kind);
    if ("status" in named) return named;
    if (body.action !== "adminAssign" && body.action !== "adminRemove")
      return badRequest(`The action '${String(body.action)}' is not served here: adminAssign, adminRemove.`);
    const requestId = world.random.guid();
    const isRemoval = body.action === "adminRemove";
    const validationOnly = body.isValidationOnly === true;
    const outcome = (isRemoval ? remove : assign)(world, call, named, requestId, validationOnly);
    if ("status" in outcome) return outcome;
    const at = new Date(world.now()).toISOString();
    return {
      status: 201,
      body: {
        id: requestId,
        status: statusOf(world, outcome, isRemoval),
        ...{ createdDateTime: at, completedDateTime: at, approvalId: null, customData: null },
        ...{ action: body.action, isValidationOnly: validationOnly, targetScheduleId: outcome.id },
        ...{ principalId: named.principalId, roleDefinitionId: named.roleDefinitionId },
        ...{ directoryScopeId: named.directoryScopeId, appScopeId: null },
        justification: body.justification ?? null,
        scheduleInfo: isRemoval ? null : scheduleInfoOf(outcome),
        ticketInfo: null,
      },
    };
  });
}

export const roleScheduleHandlers = {
  listAssignmentSchedules: listSchedules("active"),
  listAssignmentInstances: listInstances("active"),
  requestAssignment: request("active"),
  listEligibilitySchedules: listSchedules("eligible"),
  listEligibilityInstances: listInstances("eligible"),
  requestEligibility: request("eligible"),
} satisfies Record<string, Handler>;
