/** Surgical: exactly the permission, role, owner or membership that the event says was added. */
import { step } from "../actions/action.ts";
import { removeAppRoleAssignments } from "../actions/remove-app-role-assignments.ts";
import { removeDirectoryRoles } from "../actions/remove-directory-roles.ts";
import { removeGroupMemberships } from "../actions/remove-group-memberships.ts";
import { removeOwners } from "../actions/remove-owners.ts";
import { removeScheduledDirectoryRoles } from "../actions/remove-scheduled-directory-roles.ts";
import type { Finding, MatchDetails } from "../domain/finding.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { Playbook } from "./playbook.ts";

const stage = "eradicate";
const reason = "added without a known need";

type RoleAssigned = Extract<MatchDetails, { about: "directory-role-assigned" }>;

/** Null: it can be removed exactly. A role or permission named by words alone could be any. */
function ambiguity({ details }: Finding): string | null {
  switch (details.about) {
    case "app-role-granted":
      return details.appRoleId === null && details.value === null ? "the record does not say which permission" : null;
    case "directory-role-assigned":
      return details.roleDefinitionId === null ? "the record names the role by its name alone" : null;
    case "owner-added":
    case "group-joined":
      return null;
    default:
      return "the finding names no added privilege";
  }
}

/** A role that was given for a time is there as an assignment and as a schedule; without a licence there are no schedules. */
function roleSteps({ roleDefinitionId, directoryScopeId, eligible }: RoleAssigned): readonly PlannedStep[] {
  if (roleDefinitionId === null) return [];
  const roles = [{ roleDefinitionId, directoryScopeId }];
  if (eligible) return [step(removeScheduledDirectoryRoles, { roles }, { stage, reason })];
  return [
    step(removeDirectoryRoles, { roles }, { stage, reason, onFailure: "continue" }),
    step(removeScheduledDirectoryRoles, { roles }, { stage, reason, need: "optional" }),
  ];
}

export const removeAddedPrivilege: Playbook = {
  id: "remove-added-privilege",
  version: 1,
  summary: "Removes exactly the permission, role, owner or group membership that was added.",
  handles: ["app-role-granted", "self-granted-privilege", "directory-role-assigned", "owner-added", "group-joined"],
  manual: false,
  settle: null,
  plan(finding) {
    const { details } = finding;
    if (ambiguity(finding) !== null) return [];
    switch (details.about) {
      case "app-role-granted": {
        const { resourceId, appRoleId, value } = details;
        return [step(removeAppRoleAssignments, { assignments: [{ resourceId, appRoleId, value }] }, { stage, reason })];
      }
      case "directory-role-assigned":
        return roleSteps(details);
      case "owner-added": {
        const { object, objectId, ownerId } = details;
        return [step(removeOwners, { object, objectId, owners: [ownerId] }, { stage, reason })];
      }
      case "group-joined":
        return [step(removeGroupMemberships, { groups: [details.groupId] }, { stage, reason })];
      default:
        return [];
    }
  },
  whyNot: ambiguity,
};
