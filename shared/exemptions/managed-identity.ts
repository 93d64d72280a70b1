/**
 * Managed identities live and die with their Azure resource, and are only reported: a deleted one can be viewed, but never be brought
 * back by customers (learn.microsoft.com, "Restore or remove a recently deleted application").
 */
import { type Exemption, exempt } from "./exemption.ts";

export const managedIdentity: Exemption = {
  id: "managed-identity",
  title: "Leaves managed identities to their Azure resources: what is deleted of them never comes back.",
  check({ kind }) {
    return kind === "managed-identity" ? exempt("It is a managed identity, and is only reported.") : null;
  },
  examples: { exempt: [{ kind: "managed-identity" }], not: [{ kind: "home-single-tenant" }] },
};
