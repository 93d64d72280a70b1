/** Records as somebody would forge them who may send to our hubs, and nothing else. */

export interface Claim {
  readonly tenantId: string;
  readonly servicePrincipalId: string | null;
  readonly appId: string | null;
  readonly displayName?: string;
  readonly keyIds?: readonly string[];
  /** of a detection that Graph may or may not have */
  readonly detectionId?: string;
  /** epoch ms */
  readonly at?: number;
}

function envelope(category: string, tenantId: string, operationName: string, at: number, properties: object): object {
  const time = new Date(at).toISOString();
  const resourceId = `/tenants/${tenantId}/providers/microsoft.aadiam`;
  const rest = { operationVersion: "1.0", resultSignature: "None", durationMs: 0, correlationId: "forged", Level: 4 };
  return { time, resourceId, operationName, category, tenantId, ...rest, properties };
}

/** "Leaked, high, still valid": the one risk that the shipped policy enforces. */
export function forgedLeak(claim: Claim): object {
  const at = claim.at ?? Date.now();
  const time = new Date(at).toISOString();
  const id = claim.detectionId ?? "f".repeat(64);
  return envelope("ServicePrincipalRiskEvents", claim.tenantId, "Service Principal Risk Detection", at, {
    id,
    riskEventType: "leakedCredentials",
    riskState: "atRisk",
    riskLevel: "high",
    riskDetail: "none",
    activity: "servicePrincipal",
    activityDateTime: time,
    detectedDateTime: time,
    lastUpdatedDateTime: time,
    servicePrincipalId: claim.servicePrincipalId,
    servicePrincipalDisplayName: claim.displayName ?? "workload",
    appId: claim.appId,
    keyIds: claim.keyIds ?? [],
    source: "IdentityProtection",
  });
}

export interface AddedClaim extends Claim {
  readonly applicationId: string;
  readonly recordId: string;
  /** claimed to be new */
  readonly added: readonly string[];
  /** claimed to have been there */
  readonly before: readonly string[];
}

/** "Somebody added a secret": the keys are whatever the forger says. */
export function forgedAddition(claim: AddedClaim): object {
  const at = claim.at ?? Date.now();
  const line = (keyId: string) => `[KeyIdentifier=${keyId},KeyType=Password,KeyUsage=Verify,DisplayName=backup]`;
  const text = (keyIds: readonly string[]) => JSON.stringify(keyIds.map(line));
  const keys = {
    displayName: "KeyDescription",
    oldValue: text(claim.before),
    newValue: text([...claim.added, ...claim.before]),
  };
  const operation = "Update application \u2013 Certificates and secrets management ";
  return envelope("AuditLogs", claim.tenantId, operation, at, {
    id: claim.recordId,
    category: "ApplicationManagement",
    result: "success",
    activityDisplayName: operation,
    activityDateTime: new Date(at).toISOString(),
    loggedByService: "Core Directory",
    initiatedBy: { user: { id: "40123ae1-dfb1-4224-95c6-edd2500c27f7", userPrincipalName: "mallory@contoso.example" } },
    targetResources: [
      {
        id: claim.applicationId,
        displayName: claim.displayName ?? "workload",
        type: "Application",
        modifiedProperties: [keys],
      },
    ],
    additionalDetails: claim.appId === null ? [] : [{ key: "AppId", value: claim.appId }],
  });
}
