/** What a directory request costs in Graph's resource units (throttling limits page, identity and access). */
import type { ApiRequest } from "../ports/tenant.ts";

const dearer: readonly (readonly [pattern: RegExp, units: number])[] = [
  [/^\/directoryObjects\/getByIds$/i, 5],
  [/^\/groups\/[^/]+\/members$/i, 3],
  [/^\/applications$/i, 2],
  [/^\/oauth2PermissionGrants(?:\/[^/]+)?$/i, 2],
  [/^\/servicePrincipals(?:\/[^/]+|\([^/]*\))\/appRoleAssignments$/i, 2],
];

/** Tokens one request takes from its lane: resource units in `directory`, one everywhere else. */
export function laneCost({ lane, path }: ApiRequest): number {
  if (lane !== "directory") return 1;
  const [resource = "", query = ""] = path.split("?", 2);
  const parameters = new URLSearchParams(query);
  const base = dearer.find(([pattern]) => pattern.test(resource))?.[1] ?? 1;
  const top = Number(parameters.get("$top") ?? Number.NaN);
  const change = (parameters.has("$select") ? -1 : 0) + (parameters.has("$expand") ? 1 : 0) + (top < 20 ? -1 : 0);
  return Math.max(1, base + change);
}
