/** Ways back in that an attacker leaves, as steps that take every one of them away; where nothing else is said, each goes on when another failed. */
import { step } from "../../actions/action.ts";
import { removeAppRoleAssignments } from "../../actions/remove-app-role-assignments.ts";
import { removeAzureRoles } from "../../actions/remove-azure-roles.ts";
import { removeDelegatedGrants } from "../../actions/remove-delegated-grants.ts";
import { removeDirectoryRoles } from "../../actions/remove-directory-roles.ts";
import { removeGroupMemberships } from "../../actions/remove-group-memberships.ts";
import { removeKeyCredentials } from "../../actions/remove-key-credentials.ts";
import { removeOwnerships } from "../../actions/remove-ownerships.ts";
import { removePasswordCredentials } from "../../actions/remove-password-credentials.ts";
import { removeScheduledDirectoryRoles } from "../../actions/remove-scheduled-directory-roles.ts";
import type { PlannedStep } from "../../domain/plan.ts";

type Each = Pick<PlannedStep, "stage" | "onFailure">;

const each: Each = { stage: "eradicate", onFailure: "continue" };

/** Client secrets and certificates of the objects; a SAML signing set is never part of all. */
export function credentialSteps(objects: readonly ("servicePrincipal" | "application")[]): readonly PlannedStep[] {
  return objects.flatMap((object) => {
    const target = { object, objectId: null, keyIds: "all" as const };
    const reason = `a credential left on the ${object} is a way back in`;
    return [
      step(removePasswordCredentials, target, { ...each, reason }),
      step(removeKeyCredentials, target, { ...each, reason }),
    ];
  });
}

/** Permissions, roles, ownerships and memberships. `why`: what follows for this identity, after each step's own reason. */
export function privilegeSteps(why = "", options: Each = each): readonly PlannedStep[] {
  const optional = { ...options, need: "optional" } as const;
  const because = (reason: string) => (why === "" ? reason : `${reason}; ${why}`);
  return [
    step(
      removeAppRoleAssignments,
      { assignments: "all" },
      { ...options, reason: because("application permissions that it holds") },
    ),
    step(removeDelegatedGrants, { grants: "all" }, { ...options, reason: because("what it may do in users' names") }),
    step(
      removeDirectoryRoles,
      { roles: "all" },
      { ...options, reason: because("directory roles that it holds, in every scope") },
    ),
    step(
      removeScheduledDirectoryRoles,
      { roles: "all" },
      {
        ...optional,
        reason: because("directory roles that it may activate, or that begin later; needs a licence"),
      },
    ),
    step(removeOwnerships, {}, { ...options, reason: because("an owner may add credentials to what it owns") }),
    step(
      removeGroupMemberships,
      { groups: "all-role-assignable" },
      {
        ...options,
        reason: because("groups whose members have directory roles"),
      },
    ),
    step(
      removeAzureRoles,
      { assignments: "all" },
      {
        ...optional,
        reason: because("Azure roles in every subscription that we can read"),
      },
    ),
  ];
}
