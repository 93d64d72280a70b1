/** Roles given by somebody else than us, with and without Privileged Identity Management. */
import { fields, type Reply } from "./call.ts";
import type { RoleHolding } from "./role-store.ts";

export interface RoleGift {
  readonly principalId: string;
  readonly roleDefinitionId: string;
  /** default: the whole directory */
  readonly directoryScopeId?: string;
}

export interface RolePeriod {
  /** epoch ms; default now */
  readonly startsAt?: number;
  /** epoch ms; default never */
  readonly endsAt?: number;
}

export interface RoleHands {
  /** Active from now on. @returns the assignment's id */
  assignRole(gift: RoleGift): string;
  takeRole(assignmentId: string): void;
  /** whichever way it was given: eligible, for a time, for later or simply active */
  endRole(holding: RoleHolding): void;
  /** @returns the schedule's id */
  makeEligible(gift: RoleGift & RolePeriod): string;
  /** Active for a time, or from a time on, by PIM. @returns the schedule's id */
  scheduleRole(gift: RoleGift & RolePeriod): string;
}

type Perform = (request: {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}) => Reply;

const base = "/roleManagement/directory";

function scheduleInfoOf({ startsAt, endsAt }: RolePeriod): object {
  const at = (ms: number): string => new Date(ms).toISOString();
  return {
    startDateTime: startsAt === undefined ? null : at(startsAt),
    expiration: endsAt === undefined ? { type: "noExpiration" } : { type: "afterDateTime", endDateTime: at(endsAt) },
  };
}

export function createRoleHands(perform: Perform): RoleHands {
  const named = ({ principalId, roleDefinitionId, directoryScopeId = "/" }: RoleGift) => ({
    ...{ principalId, roleDefinitionId, directoryScopeId },
  });
  const request = (name: string, gift: RoleGift & RolePeriod): string => {
    const asked = { action: "adminAssign", justification: "as agreed", scheduleInfo: scheduleInfoOf(gift) };
    const path = `${base}/${name}`;
    return String(fields(perform({ method: "POST", path, body: { ...named(gift), ...asked } }).body).targetScheduleId);
  };
  return {
    assignRole: (gift) =>
      String(fields(perform({ method: "POST", path: `${base}/roleAssignments`, body: named(gift) }).body).id),
    takeRole: (id) => void perform({ method: "DELETE", path: `${base}/roleAssignments/${id}` }),
    endRole(holding) {
      if (holding.createdUsing === null && holding.kind === "active") {
        perform({ method: "DELETE", path: `${base}/roleAssignments/${holding.assignmentId}` });
        return;
      }
      const name = holding.kind === "active" ? "roleAssignmentScheduleRequests" : "roleEligibilityScheduleRequests";
      perform({ method: "POST", path: `${base}/${name}`, body: { ...named(holding), action: "adminRemove" } });
    },
    makeEligible: (gift) => request("roleEligibilityScheduleRequests", gift),
    scheduleRole: (gift) => request("roleAssignmentScheduleRequests", gift),
  };
}
