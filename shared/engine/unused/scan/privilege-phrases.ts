/** What makes an identity privileged, in words: any directory role, and application permissions with which it can take the tenant. */
import data from "../../../detections/data/graph-permissions.json" with { type: "json" };
import { tierZeroAppRoles } from "../../../domain/tier-zero-app-roles.ts";

const names = new Map(
  Object.entries({ ...data.managementPlane, ...data.controlPlane, ...data.privilegeLevel4 }).flatMap(([name, id]) =>
    id === null ? [] : [[id, name] as const],
  ),
);

/** Null: it makes nobody privileged. */
export function permissionPhrase(appRoleId: string): string | null {
  if (!tierZeroAppRoles.has(appRoleId)) return null;
  return `application permission ${names.get(appRoleId) ?? appRoleId}`;
}

export function rolePhrase(roleDefinitionId: string): string {
  return `directory role ${roleDefinitionId}`;
}
