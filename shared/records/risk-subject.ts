/** Whom Identity Protection's own records are about: always a service principal, by its object id, by its appId, or by neither. */
import { asGuid } from "./fields.ts";
import type { RawRecord } from "./raw-record.ts";
import { type About, subjectOf } from "./victim.ts";

interface Named {
  readonly servicePrincipalId: string | null;
  /** what stands where the id should be */
  readonly claimedId: string | null;
  readonly appId: string | null;
  readonly claimedName: string | null;
}

/** Null: there is neither id nor word for it. */
export function riskSubject({ tenantId }: RawRecord, named: Named): About | null {
  const { servicePrincipalId, claimedId, appId, claimedName } = named;
  const isClaim = claimedId !== null && servicePrincipalId === null && asGuid(claimedId) === null;
  const victim = { object: "servicePrincipal" as const, objectId: servicePrincipalId, appId, claimedName };
  return subjectOf(tenantId, isClaim ? { ...victim, claimedId } : victim);
}
