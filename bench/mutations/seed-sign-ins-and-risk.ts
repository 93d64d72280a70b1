/** Records of sign-ins and of risk, to be bent. */
import type { Json } from "./places.ts";
import { appId, envelope, graph, graphAppId, oldKey, principal } from "./seed-shapes.ts";

export function riskRecords(): readonly Json[] {
  const risk = { riskLevel: "high", riskState: "atRisk", riskDetail: "none" };
  const summary = {
    appId,
    displayName: "Payroll",
    isProcessing: false,
    riskLastUpdatedDateTime: "2026-03-02T09:40:00Z",
  };
  const detection = {
    id: "2856d6e87c5c3a74021ff70291fa68107570c150d8dc145bdea5",
    riskEventType: "leakedCredentials",
    activity: "servicePrincipal",
    activityDateTime: "2026-03-02T09:30:00Z",
    detectedDateTime: "2026-03-02T9:40:00.361Z",
    servicePrincipalId: principal,
    servicePrincipalDisplayName: "Payroll",
    appId,
    keyIds: [oldKey],
    additionalInfo: '[{"Key":"alertUrl","Value":null}]',
  };
  return [
    envelope("RiskyServicePrincipals", "Risky service principal", { id: principal, ...summary, ...risk }),
    envelope("RiskyServicePrincipals", "Risky service principal", {
      id: principal,
      ...summary,
      ...risk,
      riskState: "dismissed",
    }),
    envelope("ServicePrincipalRiskEvents", "Service principal risk detection", { ...detection, ...risk }),
    envelope("RiskyAgents", "Risky agent", { id: principal, agentDisplayName: "Agent", ...summary, ...risk }),
    envelope("AgentRiskEvents", "Agent risk detection", { ...detection, ...risk, agentId: principal }),
  ];
}

export function signIns(): readonly Json[] {
  const signIn = {
    id: "36658c78-02d9-4d8f-84ee-5ca4a3fdefef",
    createdDateTime: "2026-03-02T09:41:00.2279838+00:00",
    appId,
    ipAddress: "203.0.113.7",
    autonomousSystemNumber: 64496,
    status: { errorCode: 0 },
    location: { city: "Dublin", countryOrRegion: "IE", geoCoordinates: { latitude: 53.3, longitude: -6.2 } },
    conditionalAccessStatus: "failure",
    appliedConditionalAccessPolicies: [
      {
        id: "c0ffee00-0000-4000-8000-000000000001",
        displayName: "block",
        result: "failure",
        enforcedGrantControls: ["Block"],
      },
      { id: "c0ffee00-0000-4000-8000-000000000002", displayName: "try", result: "reportOnlyFailure" },
    ],
    riskLevelAggregated: "low",
    riskLevelDuringSignIn: "low",
    riskState: "none",
    resourceId: graphAppId,
    resourceServicePrincipalId: graph,
    servicePrincipalName: "Payroll",
    servicePrincipalId: principal,
    servicePrincipalCredentialKeyId: oldKey,
    clientCredentialType: "federatedIdentityCredential",
  };
  const refused = { ...signIn, status: { errorCode: 7000112 }, riskState: "atRisk", riskLevelAggregated: "high" };
  return [
    envelope("ServicePrincipalSignInLogs", "Sign-in activity", signIn),
    envelope("ServicePrincipalSignInLogs", "Sign-in activity", { ...signIn, status: { errorCode: 53003 } }),
    { ...envelope("ServicePrincipalSignInLogs", "Sign-in activity", refused), resultType: "7000112" },
    envelope("ManagedIdentitySignInLogs", "Sign-in activity", { ...signIn, ipAddress: "", location: { city: "" } }),
  ];
}
