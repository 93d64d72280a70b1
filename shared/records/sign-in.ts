/** A sign-in of a workload itself: what both sign-in categories have in common. */
import { z } from "zod";
import { hashId } from "../domain/ids.ts";
import { asGuid, Id, Text } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord, recordIdOf } from "./raw-record.ts";
import { readProperties } from "./schema.ts";
import { signInErrorCode } from "./sign-in-error-code.ts";

const SignIn = z.object({
  appId: Id,
  servicePrincipalId: Text,
  servicePrincipalName: Text,
  servicePrincipalCredentialKeyId: Text,
  clientCredentialType: Text,
  resourceServicePrincipalId: Id,
  ipAddress: Text,
  correlationId: Text,
  createdDateTime: z.unknown(),
});

/** `managedIdentity` says of which category the record is. */
export function readSignIn(raw: RawRecord, managedIdentity: boolean): Normalised {
  const read = readProperties(raw, SignIn);
  if (!read.ok) return read.outcome;
  const { appId, correlationId, ipAddress, resourceServicePrincipalId, ...rest } = read.data;
  const servicePrincipalId = asGuid(rest.servicePrincipalId);
  if (servicePrincipalId === null && (appId === null || rest.servicePrincipalId !== null)) {
    const detail = "properties.servicePrincipalId is not a GUID, so no identity is named.";
    return deadLetter(raw.record, "no-victim", detail);
  }
  const occurredAt = firstTime(raw, rest.createdDateTime);
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
      actor: { kind: "workload", id: servicePrincipalId, appId, claimedName: rest.servicePrincipalName },
      subject: { tenantId: raw.tenantId, appId, servicePrincipalId, applicationObjectId: null },
      claimedName: rest.servicePrincipalName,
      errorCode,
      credentialKeyId: rest.servicePrincipalCredentialKeyId?.toLowerCase() ?? null,
      credentialType: rest.clientCredentialType,
      ipAddress,
      resourceServicePrincipalId,
      managedIdentity,
    },
  };
}
