/** The custom security attribute that protects: read beside the snapshot, only where the policy configures one. */
import { z } from "zod";
import { servicePrincipalPath } from "../../actions/reads.ts";
import type { IdentityRef } from "../../domain/identity.ts";
import type { Policy } from "../../domain/policy.ts";
import type { ApiRequest } from "../../ports/tenant.ts";
import type { Facts } from "./read-facts.ts";
import { readKey } from "./read-key.ts";

/** Needs CustomSecAttributeAssignment.Read.All; comes only with `$select` (servicePrincipal resource). */
export function attributeReads({ protected: { attribute } }: Policy, identity: IdentityRef): readonly ApiRequest[] {
  if (attribute === undefined) return [];
  const path = `${servicePrincipalPath(identity)}?$select=id,customSecurityAttributes`;
  return [{ method: "GET", version: "v1.0", path, lane: "directory" }];
}

/** `customSecurityAttributes` missing, though selected, is what we may not see; null is that there are none. */
const Body = z.object({ customSecurityAttributes: z.record(z.string(), z.record(z.string(), z.unknown())).nullable() });

/** The attribute's values as text. Empty: none, or none configured. Null: could not be read. `asked`: as it was asked for. */
export function attributeValues(policy: Policy, asked: IdentityRef, facts: Facts): readonly string[] | null {
  const { attribute } = policy.protected;
  const [read] = attributeReads(policy, asked);
  if (attribute === undefined || read === undefined) return [];
  const body = facts.bodies.get(readKey(read));
  if (body === null) return [];
  const parsed = Body.safeParse(body);
  if (!parsed.success) return null;
  const value = parsed.data.customSecurityAttributes?.[attribute.set]?.[attribute.name];
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
