/**
 * Tells Identity Protection that the service principal is compromised: risk becomes high, which is itself a CAE revocation
 * event. Needs the Workload Identities Premium licence, so a step with it is optional. Our own confirmation is no warrant.
 */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { defineAction } from "./action.ts";
import { riskyServicePrincipalRead } from "./reads.ts";

const Risky = z.object({ id: Guid, riskState: z.string().nullish(), riskLevel: z.string().nullish() });

export const confirmCompromised = defineAction({
  id: "confirm-compromised",
  summary: "Confirms the service principal as compromised in Identity Protection.",
  parameters: z.strictObject({}),
  receipt: z.object({ riskLevelBefore: z.string().nullable(), riskStateBefore: z.string().nullable() }),
  gather: "confirm-compromised",
  impact: () => "irreversible",
  appliesTo: (kind) => kind === "home-single-tenant" || kind === "home-multi-tenant" || kind === "foreign",
  permissions: () => ["IdentityRiskyServicePrincipal.ReadWrite.All"],
  reads: (_parameters, { identity }) =>
    identity.servicePrincipalId === null ? [] : [riskyServicePrincipalRead(identity.servicePrincipalId)],
  isInPlace(_parameters, { identity, body }) {
    if (identity.servicePrincipalId === null) return true;
    const risky = Risky.nullable().parse(body(riskyServicePrincipalRead(identity.servicePrincipalId)));
    return risky?.riskState === "confirmedCompromised";
  },
  keep(_parameters, { identity, body }) {
    const risky = Risky.nullable().parse(body(riskyServicePrincipalRead(identity.servicePrincipalId ?? "")));
    return { riskLevelBefore: risky?.riskLevel ?? null, riskStateBefore: risky?.riskState ?? null };
  },
  requests(_parameters, { identity }) {
    const body = { servicePrincipalIds: [identity.servicePrincipalId] };
    const path = "/identityProtection/riskyServicePrincipals/confirmCompromised";
    return [{ method: "POST", version: "v1.0", path, lane: "identity-protection", body }];
  },
});
