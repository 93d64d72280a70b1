/**
 * Tells Identity Protection that the risk was none: level and state go back. Of a confirmed false positive only; there is no
 * "confirm safe" for service principals. At most 60 ids a call (riskyServicePrincipal: dismiss), so calls are gathered.
 */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { defineAction, type Snapshot } from "./action.ts";
import { riskyServicePrincipalRead } from "./reads.ts";

const Risky = z.object({ id: Guid, riskState: z.string().nullish(), riskLevel: z.string().nullish() }).nullable();

function read({ identity, body }: Snapshot): z.output<typeof Risky> {
  if (identity.servicePrincipalId === null) return null;
  return Risky.parse(body(riskyServicePrincipalRead(identity.servicePrincipalId)));
}

/** What is dismissed, or was never a risk. A hidden level (no licence to see it) is none of them. */
const settled: ReadonlySet<string> = new Set(["none", "dismissed", "remediated", "confirmedSafe"]);

export const dismissRisk = defineAction({
  id: "dismiss-risk",
  summary: "Dismisses the service principal's risk in Identity Protection, as a false positive.",
  parameters: z.strictObject({}),
  receipt: z.object({ riskLevelBefore: z.string().nullable(), riskStateBefore: z.string().nullable() }),
  gather: "dismiss-risk",
  impact: () => "irreversible",
  appliesTo: (kind) => kind === "home-single-tenant" || kind === "home-multi-tenant" || kind === "foreign",
  permissions: () => ["IdentityRiskyServicePrincipal.ReadWrite.All"],
  reads: (_parameters, { identity }) =>
    identity.servicePrincipalId === null ? [] : [riskyServicePrincipalRead(identity.servicePrincipalId)],
  isInPlace(_parameters, snapshot) {
    const risky = read(snapshot);
    return risky === null || settled.has(risky.riskState ?? "");
  },
  keep(_parameters, snapshot) {
    const risky = read(snapshot);
    return { riskLevelBefore: risky?.riskLevel ?? null, riskStateBefore: risky?.riskState ?? null };
  },
  requests(_parameters, snapshot) {
    const risky = read(snapshot);
    if (risky === null) return [];
    const path = "/identityProtection/riskyServicePrincipals/dismiss";
    const body = { servicePrincipalIds: [risky.id] };
    return [{ method: "POST", version: "v1.0", path, lane: "identity-protection", body }];
  },
});
