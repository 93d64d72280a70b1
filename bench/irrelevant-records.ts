/** A fixed mix of the records that fill a tenant's hubs and say nothing new, in the shapes Entra writes. */

const tenantId = "5611623b-9128-461e-9d7f-a0d9c270ead2";
export const benchTenantId = tenantId;

type Json = Readonly<Record<string, unknown>>;

/** `count` records, most of them sign-ins, as in a real tenant. Always the same ones. */
export function irrelevantRecords(count: number): readonly Json[] {
  const kinds = [servicePrincipalSignIn, managedIdentitySignIn, userSignIn, servicePrincipalSignIn, graphCall, audit];
  return Array.from({ length: count }, (_, i) => (kinds[i % kinds.length] ?? audit)(i));
}

function guid(i: number, salt: number): string {
  const hex = ((i + 1) * 2654435761 * salt).toString(16).padStart(12, "0").slice(0, 12);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4a00-8b00-${hex}`;
}

function envelope(i: number, category: string, operationName: string, properties: Json): Json {
  return {
    time: "2026-03-02T09:41:00.2279838Z",
    resourceId: `/tenants/${tenantId}/providers/Microsoft.aadiam`,
    operationName,
    operationVersion: "1.0",
    category,
    tenantId,
    resultType: "0",
    resultSignature: "None",
    durationMs: 0,
    callerIpAddress: "203.0.113.7",
    correlationId: guid(i, 3),
    Level: 4,
    properties,
  };
}

function signIn(i: number): Json {
  return {
    id: guid(i, 5),
    createdDateTime: "2026-03-02T09:41:00.2279838+00:00",
    userId: null,
    appId: guid(i, 7),
    ipAddress: "203.0.113.7",
    status: { errorCode: 0 },
    location: {
      city: "Dublin",
      state: "Dublin",
      countryOrRegion: "IE",
      geoCoordinates: { latitude: 53.3, longitude: -6.2 },
    },
    correlationId: guid(i, 3),
    conditionalAccessStatus: "notApplied",
    appliedConditionalAccessPolicies: [],
    isInteractive: false,
    tokenIssuerType: "AzureAD",
    processingTimeInMilliseconds: 0,
    riskDetail: "none",
    riskLevelAggregated: "low",
    riskLevelDuringSignIn: "low",
    riskState: "none",
    resourceDisplayName: "Windows Azure Service Management API",
    resourceId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    servicePrincipalName: `workload-${i}`,
    servicePrincipalId: guid(i, 11),
    servicePrincipalCredentialKeyId: guid(i, 13),
    clientCredentialType: "clientSecret",
    flaggedForReview: false,
    isTenantRestricted: false,
    crossTenantAccessType: "none",
    uniqueTokenIdentifier: "YTA4ODY5YTgtM2IxNS00NmU0LThkZTMtMjczODQ5ZTYwMTAw",
    incomingTokenType: "none",
    authenticationProtocol: "none",
  };
}

function servicePrincipalSignIn(i: number): Json {
  return envelope(i, "ServicePrincipalSignInLogs", "Sign-in activity", signIn(i));
}

function managedIdentitySignIn(i: number): Json {
  return envelope(i, "ManagedIdentitySignInLogs", "Sign-in activity", { ...signIn(i), ipAddress: "" });
}

function userSignIn(i: number): Json {
  const properties = { ...signIn(i), userId: guid(i, 17), userPrincipalName: `user${i}@example.com` };
  return envelope(i, "NonInteractiveUserSignInLogs", "Sign-in activity", properties);
}

function graphCall(i: number): Json {
  const requestUri = `https://graph.microsoft.com/v1.0/users/${guid(i, 17)}`;
  const properties = {
    appId: guid(i, 7),
    requestMethod: "GET",
    requestUri,
    responseStatusCode: 200,
    roles: "User.Read",
  };
  return envelope(i, "MicrosoftGraphActivityLogs", "Microsoft Graph Activity", properties);
}

const activities = [
  "Update user",
  "Add member to group",
  "Update application",
  "Update service principal",
  "Update device",
];

/** Also the plain updates that every credential change writes beside the one that matters. */
function audit(i: number): Json {
  const activity = activities[Math.floor(i / 6) % activities.length] ?? "";
  const included = { displayName: "Included Updated Properties", oldValue: null, newValue: '"DisplayName"' };
  const target = { id: guid(i, 19), displayName: `object ${i}`, type: "Application", modifiedProperties: [included] };
  return envelope(i, "AuditLogs", activity, {
    id: `Directory_${guid(i, 3)}_6X649_134684731`,
    category: "ApplicationManagement",
    correlationId: guid(i, 3),
    result: "success",
    resultReason: "",
    activityDisplayName: activity,
    activityDateTime: "2026-03-02T09:41:00.2279838+00:00",
    loggedByService: "Core Directory",
    operationType: "Update",
    initiatedBy: { user: { id: guid(i, 17), displayName: null, userPrincipalName: `user${i}@example.com`, roles: [] } },
    targetResources: [{ ...target, administrativeUnits: [] }],
    additionalDetails: [{ key: "User-Agent", value: "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" }],
  });
}
