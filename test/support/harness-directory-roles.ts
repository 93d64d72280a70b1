/** Directory roles: assignments, and the schedules of Privileged Identity Management. A running one is an assignment, too. */
import type { DirectoryRole, Schedule } from "./harness-directory-items.ts";
import {
  type Call,
  type Directory,
  done,
  has,
  newId,
  notFound,
  type Part,
  page,
  type Reply,
  refused,
  removeFrom,
} from "./harness-directory-types.ts";

const scheduleCollections = { roleAssignmentSchedule: "active", roleEligibilitySchedule: "eligible" } as const;

export const directoryRoles: Part = (directory, call) => {
  const [first, second, collection = "", id] = call.segments;
  if (first !== "roleManagement" || second !== "directory") return null;
  if (collection === "roleAssignments") return assignments(directory, call, id);
  const [, name, ending] = /^(roleAssignmentSchedule|roleEligibilitySchedule)(s|Requests)$/.exec(collection) ?? [];
  if (name !== "roleAssignmentSchedule" && name !== "roleEligibilitySchedule") return null;
  const kind = scheduleCollections[name];
  if (call.method === "GET" && ending === "s") {
    const own = ofPrincipal(directory, call).filter((one) => one.kind === kind);
    return page(own.map(({ kind: _kind, isRunning: _running, ...shown }) => ({ ...shown, status: "Provisioned" })));
  }
  return call.method === "POST" && ending === "Requests" ? schedule(directory, call, kind) : null;
};

function ofPrincipal({ directoryRoles: all }: Directory, { query }: Call): readonly DirectoryRole[] {
  const [, wanted] = /^principalId eq '(.*)'$/.exec(query.get("$filter") ?? "") ?? [];
  return all.filter(({ principalId }) => principalId === wanted);
}

function assignments(directory: Directory, call: Call, id: string | undefined): Reply | null {
  const isActive = (one: DirectoryRole) => one.kind === "active" && one.isRunning;
  if (call.method === "GET") {
    const active = ofPrincipal(directory, call).filter(isActive);
    return page(active.map(({ kind: _kind, isRunning: _running, scheduleInfo: _schedule, ...shown }) => shown));
  }
  if (call.method === "DELETE") return removeFrom(directory.directoryRoles, (one) => one.id === id && isActive(one));
  const forever = { startDateTime: null, expiration: { type: "noExpiration", endDateTime: null, duration: null } };
  return call.method === "POST" ? add(directory, call, "active", forever) : null;
}

function isSame(one: DirectoryRole, { body }: Call, kind: DirectoryRole["kind"]): boolean {
  const { principalId, roleDefinitionId, directoryScopeId = null, appScopeId = null } = body;
  return (
    one.kind === kind &&
    one.principalId === principalId &&
    one.roleDefinitionId === roleDefinitionId &&
    one.directoryScopeId === directoryScopeId &&
    one.appScopeId === appScopeId
  );
}

function schedule(directory: Directory, call: Call, kind: DirectoryRole["kind"]): Reply {
  if (call.body.action === "adminAssign") return add(directory, call, kind, call.body.scheduleInfo as Schedule);
  if (call.body.action !== "adminRemove") return refused;
  const removed = removeFrom(directory.directoryRoles, (one) => isSame(one, call, kind));
  return removed === notFound ? { status: 400, code: "RoleAssignmentDoesNotExist" } : { status: 201 };
}

/** What begins after this has not begun in any test. */
const future = "2090";

function add(directory: Directory, call: Call, kind: DirectoryRole["kind"], scheduleInfo: Schedule): Reply {
  if (!has(directory.servicePrincipals, call.body.principalId)) return notFound;
  if (directory.directoryRoles.some((one) => isSame(one, call, kind))) {
    return { status: 400, code: "RoleAssignmentExists" };
  }
  const { principalId, roleDefinitionId, directoryScopeId = null, appScopeId = null } = call.body;
  directory.directoryRoles.push({
    ...({ principalId, roleDefinitionId, directoryScopeId, appScopeId } as Omit<DirectoryRole, "id">),
    id: newId(directory),
    kind,
    scheduleInfo,
    isRunning: kind === "active" && (scheduleInfo.startDateTime ?? "") < future,
  });
  return { ...done, status: 201 };
}
