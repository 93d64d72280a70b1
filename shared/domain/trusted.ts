/** What the policy trusts: places to sign in from, and issuers of federated credentials. */
import { z } from "zod";
import { Guid } from "./identity.ts";

const Ranges = z.array(z.union([z.cidrv4(), z.cidrv6()]));

/** Where identities may sign in from. The first that fits counts: the identity's own line, tier 0, then everybody's. */
export const TrustedLocations = z.strictObject({
  identities: z.record(Guid, Ranges).default({}).describe("by object id or appId: IP ranges, and nothing beside them"),
  tier0: Ranges.optional().describe("of identities that protected.tier0 names and that have no line of their own"),
  namedLocations: z
    .boolean()
    .default(false)
    .describe("hold all others against the tenant's trusted IP named locations; takes Policy.Read.All besides"),
});

/** Federated credentials that are nobody's backdoor: who vouches, and for whom. Trust in an issuer alone would be trust in all its customers. */
export const TrustedIssuer = z.strictObject({
  issuer: z.url({ protocol: /^https$/ }).describe("the issuer, exactly as the federated credential has it"),
  subjectPrefix: z
    .string()
    .min(8)
    .describe("the subject is this, or goes on after it with or behind one of : / such as `repo:contoso/payroll:`"),
});
