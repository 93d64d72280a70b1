/** Builds the events that detections show as examples: one identity, changed only in what the example is about. */
import type { Actor, CredentialDescription, EventOf, EventType } from "../../domain/event.ts";

const tenantId = "5611623b-9128-461e-9d7f-a0d9c270ead2";
const at = "2026-03-02T09:41:00.000Z";

export const exampleSubject = {
  tenantId,
  appId: "b55552fe-a272-4b56-990b-95038d917878",
  servicePrincipalId: "9089a539-a539-4089-89a5-899039a58990",
  applicationObjectId: null,
} as const;

const facts = {
  id: "example",
  recordId: "example-record",
  tenantId,
  occurredAt: at,
  correlationId: null,
  actor: { kind: "unknown", id: null, appId: null, claimedName: null },
  subject: exampleSubject,
  claimedName: "Billing export",
} as const;

const risk = { riskLevel: "high", riskState: "atRisk", riskDetail: "none" };

export function riskyExample(
  change: Partial<EventOf<"risky-service-principal-updated">>,
): EventOf<"risky-service-principal-updated"> {
  const category = "RiskyServicePrincipals";
  return { ...facts, type: "risky-service-principal-updated", category, ...risk, isProcessing: false, ...change };
}

export function detectionExample(change: Partial<EventOf<"risk-detected">>): EventOf<"risk-detected"> {
  return {
    ...facts,
    type: "risk-detected",
    category: "ServicePrincipalRiskEvents",
    ...risk,
    riskEventType: "leakedCredentials",
    activity: "servicePrincipal",
    detectedAt: at,
    keyIds: ["9d9fea30-d8e3-481b-b57c-0ef569a989e5"],
    ...change,
  };
}

export function credentialExample(change: Partial<EventOf<"credentials-changed">>): EventOf<"credentials-changed"> {
  return {
    ...facts,
    type: "credentials-changed",
    category: "AuditLogs",
    actor: {
      kind: "user",
      id: "40123ae1-dfb1-4224-95c6-edd2500c27f7",
      appId: null,
      claimedName: "someone@example.com",
    },
    object: "servicePrincipal",
    objectId: exampleSubject.servicePrincipalId,
    added: [exampleKey({})],
    removed: [],
    before: 1,
    succeeded: true,
    ...change,
  };
}

export function exampleKey(change: Partial<CredentialDescription>): CredentialDescription {
  const keyId = "11ca002d-d846-4692-8e1f-501db99f485a";
  return { keyId, keyType: "Password", keyUsage: "Verify", claimedName: "key 2", ...change };
}

/** An audit event of any other type; `said` is what its type adds to the facts. */
export function auditExample<T extends EventType>(
  type: T,
  said: Omit<EventOf<T>, keyof typeof facts | "type" | "category">,
  change: Partial<EventOf<T>> = {},
): EventOf<T> {
  const example = { ...facts, actor: exampleUser, category: "AuditLogs", type, ...said, ...change };
  return example as unknown as EventOf<T>;
}

export const exampleUser: Actor = {
  kind: "user",
  id: "40123ae1-dfb1-4224-95c6-edd2500c27f7",
  appId: null,
  claimedName: "someone@example.com",
};

/** A workload as genuine records name it: by its service principal alone. */
export const exampleWorkload: Actor = {
  kind: "workload",
  id: "c6de1beb-148e-43f6-8c73-29d84232e699",
  appId: null,
  claimedName: "Legacy test",
};
