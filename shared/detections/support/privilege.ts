/** What an event gives to a service principal, and how much that is worth to an attacker; null: nothing that matters. */
import type { EventOf, IdentityEvent } from "../../domain/event.ts";
import type { MatchDetails } from "../../domain/finding.ts";
import { directoryReaders, isTierZeroRole } from "../data/directory-roles.ts";
import { isSensitiveScope, isTenantApi, isTierZeroScope, permissionWorth } from "../data/permissions.ts";

/** Types of event that give something to a service principal. */
export const granting = ["app-role-granted", "directory-role-assigned", "delegated-grant-added", "consented"] as const;
export type Granting = EventOf<(typeof granting)[number]>;

export function isGranting(event: IdentityEvent): event is Granting {
  return granting.some((type) => type === event.type);
}

export interface Privilege {
  /** id, or the name where the record has no id */
  readonly what: string;
  readonly worth: "tier-zero" | "less";
}

export function privilegeOf(event: Granting): Privilege | null {
  switch (event.type) {
    case "app-role-granted": {
      const worth = permissionWorth(event);
      const what = event.appRoleId ?? event.value ?? "a permission that is not said";
      return worth === "ordinary" ? null : { what, worth: worth === "tier-zero" ? worth : "less" };
    }
    case "directory-role-assigned": {
      const what = event.roleDefinitionId ?? event.claimedRole ?? "a role that is not said";
      if (event.roleDefinitionId === directoryReaders) return null;
      return { what, worth: isTierZeroRole(event.roleDefinitionId) ? "tier-zero" : "less" };
    }
    case "delegated-grant-added":
      return isTenantApi(event.resourceAppId) ? ofScopes(event.scopes) : null;
    case "consented":
      return ofScopes(event.grants.flatMap(({ scopes }) => scopes));
  }
}

function ofScopes(scopes: readonly string[]): Privilege | null {
  const sensitive = [...new Set(scopes.filter(isSensitiveScope))].sort();
  if (sensitive.length === 0) return null;
  return { what: sensitive.join(" "), worth: sensitive.some(isTierZeroScope) ? "tier-zero" : "less" };
}

/** What was given, as one would remove it. */
export function detailsOf(event: EventOf<"app-role-granted" | "directory-role-assigned">): MatchDetails {
  if (event.type === "app-role-granted") {
    const { resourceId, appRoleId, value } = event;
    return { about: "app-role-granted", resourceId, appRoleId, value };
  }
  const { roleDefinitionId, claimedRole, directoryScopeId, eligible } = event;
  return { about: "directory-role-assigned", roleDefinitionId, claimedRole, directoryScopeId, eligible };
}
