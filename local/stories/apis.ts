// The APIs of a story, and the app roles they offer.
import type { Twin } from "../tenant/twin.ts";
import type { Cast } from "./evidence.ts";

export const exchangeAppId = "00000002-0000-0ff1-ce00-000000000000";
export const wellKnownApis: ReadonlySet<string> = new Set(["microsoft-graph", "exchange-online"]);

/** Object id of the service principal of an API. */
export function apiId(twin: Twin, cast: Cast, api: string): string {
  if (api === "microsoft-graph") return twin.microsoftGraph.id;
  const known = api === "exchange-online" ? twin.state.servicePrincipal(exchangeAppId)?.id : cast.get(api)?.id;
  if (known === undefined) throw new Error(`There is no API "${api}" in this story.`);
  return known;
}

/** Id of an app role by its value or its id. @throws Error for a value the API does not offer */
export function appRoleId(twin: Twin, resourceId: string, role: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(role)) return role.toLowerCase();
  const offered = twin.state.servicePrincipal(resourceId)?.appRoles ?? [];
  const found = offered.find(({ value }) => value === role);
  if (found !== undefined) return found.id;
  throw new Error(
    `The API offers no app role "${role}": ${offered.map(({ value }) => value).join(", ")}; or write its id.`,
  );
}
