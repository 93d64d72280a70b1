/** A sign-in of a workload itself: what both sign-in categories have in common. */
import { isIP } from "node:net";
import { z } from "zod";
import type { EventOf } from "../domain/event.ts";
import { hashId } from "../domain/ids.ts";
import { asGuid, field, Id, Text } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord, recordIdOf } from "./raw-record.ts";
import { readProperties } from "./schema.ts";
import { conditionalAccessOf, countryOf, highestRisk, systemNumber } from "./sign-in-conditions.ts";
import { signInErrorCode } from "./sign-in-error-code.ts";

const SignIn = z.object({
  appId: Id,
  servicePrincipalId: Text,
  servicePrincipalName: Text,
  servicePrincipalCredentialKeyId: Text,
  clientCredentialType: Text,
  federatedCredentialId: Text,
  resourceId: Id,
  resourceServicePrincipalId: Id,
  appOwnerTenantId: Id,
  ipAddress: Text,
  autonomousSystemNumber: z.unknown(),
  location: z.unknown(),
  riskLevelDuringSignIn: Text,
  riskLevelAggregated: Text,
  riskState: Text,
  appliedConditionalAccessPolicies: z.unknown(),
  correlationId: Text,
  createdDateTime: z.unknown(),
});
const federatedCredential = "federatedIdentityCredential";
type SignIn = z.output<typeof SignIn>;

/** `managedIdentity` says of which category the record is. */
export function readSignIn(raw: RawRecord, managedIdentity: boolean): Normalised {
  const read = readProperties(raw, SignIn);
  if (!read.ok) return read.outcome;
  const { appId, correlationId, servicePrincipalName } = read.data;
  const servicePrincipalId = asGuid(read.data.servicePrincipalId);
  if (servicePrincipalId === null && (appId === null || !isNobody(read.data.servicePrincipalId))) {
    const detail = "properties.servicePrincipalId is not a GUID, so no identity is named.";
    return deadLetter(raw.record, "no-victim", detail);
  }
  const occurredAt = firstTime(raw, read.data.createdDateTime);
  const errorCode = signInErrorCode(raw.record);
  if (occurredAt === null) return noTime(raw);
  if (errorCode === null) return deadLetter(raw.record, "schema", "The sign-in carries no error code.");
  const recordId = recordIdOf(raw, [servicePrincipalId, appId, occurredAt, correlationId]);
  return {
    outcome: "event",
    event: {
      type: "signed-in",
      id: hashId(raw.category, recordId),
      category: raw.category,
      recordId,
      tenantId: raw.tenantId,
      occurredAt,
      correlationId,
      actor: { kind: "workload", id: servicePrincipalId, appId, claimedName: servicePrincipalName },
      subject: { tenantId: raw.tenantId, appId, servicePrincipalId, applicationObjectId: null },
      claimedName: servicePrincipalName,
      errorCode,
      managedIdentity,
      ...credentialOf(read.data, managedIdentity),
      ...circumstancesOf(read.data, field(raw.record, "location")),
    },
  };
}

/** Nothing, or the zeros that stand for nothing: of an application that the tenant does not have (AADSTS700016). */
function isNobody(id: string | null): boolean {
  return id === null || /^[0-]+$/.test(id);
}

/**
 * A federated credential is told by its id, whatever type is named beside it. Records from before `clientCredentialType` name one by
 * a key id of zeros (catalogue, E7).
 */
function credentialOf(data: SignIn, managedIdentity: boolean) {
  const keyId = data.servicePrincipalCredentialKeyId?.toLowerCase() ?? null;
  const named = isNobody(data.federatedCredentialId) ? data.clientCredentialType : federatedCredential;
  if (keyId === null || !isNobody(keyId)) return { credentialKeyId: keyId, credentialType: named };
  const unsaid = named === null || named.toLowerCase() === "none";
  const credentialType = unsaid && !managedIdentity ? federatedCredential : named;
  return { credentialKeyId: null, credentialType };
}

type Circumstances = Pick<
  EventOf<"signed-in">,
  | "ipAddress"
  | "asn"
  | "country"
  | "resourceAppId"
  | "resourceServicePrincipalId"
  | "ownerTenantId"
  | "risk"
  | "conditionalAccess"
>;

function circumstancesOf(data: SignIn, outerLocation: unknown): Circumstances {
  const { ipAddress, riskLevelDuringSignIn, riskLevelAggregated } = data;
  return {
    ipAddress: ipAddress !== null && isIP(ipAddress) > 0 ? ipAddress : null,
    asn: systemNumber(data.autonomousSystemNumber),
    country: countryOf(data.location, outerLocation),
    resourceAppId: data.resourceId,
    resourceServicePrincipalId: data.resourceServicePrincipalId,
    ownerTenantId: data.appOwnerTenantId,
    risk: { level: highestRisk(riskLevelDuringSignIn, riskLevelAggregated), state: data.riskState },
    conditionalAccess: conditionalAccessOf(data.appliedConditionalAccessPolicies),
  };
}
