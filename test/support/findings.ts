/** Findings for tests of what comes after detection, each changed only in what the test is about. */
import type { Finding, MatchDetails } from "../../shared/domain/finding.ts";

export const now = Date.parse("2026-03-02T10:00:00.000Z");

export const subject = {
  tenantId: "5611623b-9128-461e-9d7f-a0d9c270ead2",
  appId: "b55552fe-a272-4b56-990b-95038d917878",
  servicePrincipalId: "9089a539-a539-4089-89a5-899039a58990",
  applicationObjectId: "8d8d96a4-edb4-495c-a412-6e72c7e21084",
} as const;

export const leakedKeyId = "9d9fea30-d8e3-481b-b57c-0ef569a989e5";

type RiskDetails = Extract<MatchDetails, { about: "risk" }>;
type CredentialDetails = Extract<MatchDetails, { about: "credential-added" }>;

function finding(detection: string, category: Finding["warrant"]["category"], details: MatchDetails): Finding {
  const at = new Date(now - 10 * 60_000).toISOString();
  return {
    id: "finding-1",
    detection,
    severity: "high",
    ceiling: "enforce",
    title: "Something was seen",
    subject,
    claimedName: "Billing export",
    actorId: null,
    dedupeBy: "one",
    details,
    warrant: { category, recordId: "record-1", correlationId: null, activityAt: at, raisedAt: at },
    receivedAt: new Date(now).toISOString(),
  };
}

/** A leaked secret, high, ten minutes ago. */
export function riskFinding(change: Partial<RiskDetails>, rest: Partial<Finding> = {}): Finding {
  const details: RiskDetails = {
    about: "risk",
    riskEventType: "leakedCredentials",
    riskLevel: "high",
    riskState: "atRisk",
    riskDetail: "none",
    keyIds: [leakedKeyId],
    ...change,
  };
  return { ...finding("service-principal-risk-detected", "ServicePrincipalRiskEvents", details), ...rest };
}

type ManualDetails = Extract<MatchDetails, { about: "manual" }>;

/** Ada asked for it ten minutes ago. */
export function manualFinding(change: Partial<ManualDetails>, rest: Partial<Finding> = {}): Finding {
  const details: ManualDetails = {
    about: "manual",
    by: "ada",
    reason: "looks wrong",
    playbook: "contain-compromised-identity",
    parameters: {},
    mode: "approve",
    ...change,
  };
  return { ...finding("manual", "Manual", details), ceiling: "approve", ...rest };
}

/** One secret added beside five others, ten minutes ago. */
export function credentialFinding(change: Partial<CredentialDetails>, rest: Partial<Finding> = {}): Finding {
  const details: CredentialDetails = {
    about: "credential-added",
    object: "servicePrincipal",
    objectId: subject.servicePrincipalId,
    added: [{ keyId: leakedKeyId, keyType: "Password", keyUsage: "Verify", claimedName: "key 2" }],
    removed: [],
    before: 5,
    samlSigningSet: false,
    ...change,
  };
  return { ...finding("credential-added-to-service-principal", "AuditLogs", details), ...rest };
}
