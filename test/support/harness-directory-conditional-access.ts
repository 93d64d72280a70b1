/** Conditional Access policies: read by id, and changed in place. */
import { done, found, notFound, type Part } from "./harness-directory-types.ts";

export const conditionalAccess: Part = (directory, { method, segments, body }) => {
  const [first, second, third, id] = segments;
  if (first !== "identity" || second !== "conditionalAccess" || third !== "policies") return null;
  const policy = directory.conditionalAccessPolicies.find((one) => one.id === id);
  if (method === "GET") return found(policy);
  if (policy === undefined) return notFound;
  Object.assign(policy, body);
  return done;
};
