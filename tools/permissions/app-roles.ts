/** The ids of Microsoft Graph's application permissions, from its published descriptions. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const AppRoles = z.object({ appRoles: z.record(z.string(), z.string().nullable()) });

/** By the permission's name; null where the published description names none. */
export function appRoleIds(): Readonly<Record<string, string | null>> {
  const file = new URL("../data/graph-app-roles.json", import.meta.url);
  return AppRoles.parse(JSON.parse(readFileSync(file, "utf8"))).appRoles;
}

/** Microsoft Graph's own appId, the same in every tenant. */
export const graphAppId = "00000003-0000-0000-c000-000000000000";
