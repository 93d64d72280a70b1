/**
 * What makes an identity privileged, in words: any directory role, and application permissions that lead to the whole tenant or to all of one
 * of its services (every mailbox, every site: EntraOps' tiers 0 and 1, and Microsoft's highest level).
 */
import data from "../../../detections/data/graph-permissions.json" with { type: "json" };
import { appRoleWorth } from "../../../detections/data/permissions.ts";

const names = new Map(
  Object.entries({ ...data.managementPlane, ...data.controlPlane, ...data.privilegeLevel4 }).flatMap(([name, id]) =>
    id === null ? [] : [[id, name] as const],
  ),
);

/** Null: it makes nobody privileged. */
export function permissionPhrase(appRoleId: string): string | null {
  if (appRoleWorth(appRoleId) === "ordinary") return null;
  return `application permission ${names.get(appRoleId) ?? appRoleId}`;
}

export function rolePhrase(roleDefinitionId: string): string {
  return `directory role ${roleDefinitionId}`;
}
