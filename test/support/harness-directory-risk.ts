/** Risk, audit records and deleted items: what the engine looks up beside the objects themselves. */
import { type Directory, done, found, type Part, page, type Reply } from "./harness-directory-types.ts";

export const risk: Part = (directory, { segments, query }) => {
  const [first, second, third] = segments;
  if (first === "identityProtection" && second === "servicePrincipalRiskDetections") {
    const [, wanted] = /servicePrincipalId eq '(.*)'/.exec(query.get("$filter") ?? "") ?? [];
    return page(directory.riskDetections.filter((one) => wanted === undefined || one.servicePrincipalId === wanted));
  }
  if (first === "auditLogs") return found(directory.audits.find(({ id }) => id === third));
  if (first === "directory" && second === "deletedItems") {
    return found(directory.deletedItems.find(({ id }) => id === third));
  }
  return null;
};

export const riskyServicePrincipals: Part = (directory, { method, segments, body }) => {
  const [first, second, third] = segments;
  if (first !== "identityProtection" || second !== "riskyServicePrincipals") return null;
  if (method === "GET") return found(directory.risky.find(({ id }) => id === third));
  if (third !== "confirmCompromised") return null;
  return confirm(directory, body.servicePrincipalIds);
};

function confirm(directory: Directory, ids: unknown): Reply {
  for (const id of Array.isArray(ids) ? ids : []) {
    directory.risky = directory.risky.filter((one) => one.id !== id);
    directory.risky.push({ id, riskState: "confirmedCompromised", riskLevel: "high" });
  }
  return done;
}
