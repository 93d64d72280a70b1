/** The report on last use (beta): one row an appId, asked for by that. */
import { type Part, page } from "./harness-directory-types.ts";

export const use: Part = (directory, { method, segments, query }) => {
  const [collection, report] = segments;
  if (method !== "GET" || collection !== "reports") return null;
  if (report === "appCredentialSignInActivities") {
    const keyId = /^keyId eq '(.*)'$/.exec(query.get("$filter") ?? "")?.[1];
    return page(directory.credentialActivities.filter((row) => row.keyId === keyId));
  }
  if (report !== "servicePrincipalSignInActivities") return null;
  const appId = /^appId eq '(.*)'$/.exec(query.get("$filter") ?? "")?.[1];
  return page(directory.activities.filter((row) => row.appId === appId));
};
