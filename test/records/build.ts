/** Raw records as Entra writes them, for tests to bend. */
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { normalise } from "../../shared/records/index.ts";

export const tenantId = "5611623b-9128-461e-9d7f-a0d9c270ead2";
export const servicePrincipalId = "9089a539-a539-4089-89a5-899039a58990";
export const applicationId = "8d8d96a4-edb4-495c-a412-6e72c7e21084";
export const appId = "b55552fe-a272-4b56-990b-95038d917878";
export const keyA = "4245f2f5-4052-4c5b-afe8-1d7885d9bb39";
export const keyB = "11ca002d-d846-4692-8e1f-501db99f485a";

export type Raw = Record<string, unknown>;

export function envelope(category: string, properties: Raw, change: Raw = {}): Raw {
  return {
    time: "2026-03-02T09:41:00.2279838Z",
    resourceId: `/tenants/${tenantId}/providers/Microsoft.aadiam`,
    operationName: "as written",
    category,
    tenantId,
    resultSignature: "None",
    durationMs: "0",
    correlationId: "outer",
    Level: 4,
    properties,
    ...change,
  };
}

export function keys(
  ...entries: readonly (readonly [id: string, name?: string, type?: string, usage?: string])[]
): string {
  const list = entries.map(([id, name = "key", type = "Password", usage = "Verify"]) => {
    return `[KeyIdentifier=${id},KeyType=${type},KeyUsage=${usage},DisplayName=${name}]`;
  });
  return JSON.stringify(list);
}

export function keyDescription(oldValue: unknown, newValue: unknown): Raw {
  return { displayName: "KeyDescription", oldValue, newValue };
}

export const secretsOperation = "Update application – Certificates and secrets management ";

export function target(type: string | null, id: string | null, ...modifiedProperties: readonly Raw[]): Raw {
  return { id, displayName: "Contoso", type, modifiedProperties };
}

export const addedSecret = keyDescription(keys([keyA]), keys([keyB], [keyA]));

export function audit(properties: Raw = {}, operationName: unknown = secretsOperation): Raw {
  const full = {
    id: "Directory_1",
    category: "ApplicationManagement",
    correlationId: "53161141-e3f4-4944-85b6-7b953f17265e",
    result: "success",
    activityDateTime: "2026-03-02T09:40:00.1+00:00",
    initiatedBy: {
      user: { id: "40123ae1-dfb1-4224-95c6-edd2500c27f7", userPrincipalName: "a@example.com" },
      app: null,
    },
    targetResources: [target("Application", applicationId, addedSecret)],
    additionalDetails: [{ key: "User-Agent", value: "x" }],
    ...properties,
  };
  return envelope("AuditLogs", full, { operationName });
}

export function risky(properties: Raw = {}, change: Raw = {}): Raw {
  const full = {
    id: servicePrincipalId,
    appId,
    displayName: "Contoso App",
    isProcessing: false,
    riskLastUpdatedDateTime: "2026-03-02T09:40:00.0451374Z",
    riskLevel: "high",
    riskState: "atRisk",
    riskDetail: "none",
    ...properties,
  };
  return envelope("RiskyServicePrincipals", full, { time: "3/2/2026 9:41:00 AM", ...change });
}

export function riskEvent(properties: Raw = {}): Raw {
  return envelope("ServicePrincipalRiskEvents", {
    id: "2856d6e87c5c3a74021ff70291fa68107570c150d8dc145bdea5",
    correlationId: null,
    riskEventType: "leakedCredentials",
    riskType: "generic",
    riskState: "atRisk",
    riskLevel: "high",
    riskDetail: "none",
    activity: "servicePrincipal",
    activityDateTime: "2026-03-02T00:00:00Z",
    detectedDateTime: "2026-03-02T8:48:50.361Z",
    lastUpdatedDateTime: "2026-03-02T16:28:17.8202975Z)",
    servicePrincipalId,
    servicePrincipalDisplayName: "Contoso App",
    appId,
    keyIds: [keyA.toUpperCase()],
    additionalInfo: '[{"Key":"alertUrl","Value":null}]',
    ...properties,
  });
}

export function signIn(properties: Raw = {}, change: Raw = {}): Raw {
  const full = {
    id: "a08869a8-3b15-46e4-8de3-273849e60100",
    createdDateTime: "2026-03-02T09:40:00.346468+00:00",
    appId,
    ipAddress: "",
    status: { errorCode: 7000112 },
    correlationId: "ad8c289f-a81d-4959-bacc-c5774ab9baaa",
    resourceServicePrincipalId: "",
    servicePrincipalName: "Contoso App",
    servicePrincipalId,
    servicePrincipalCredentialKeyId: "",
    ...properties,
  };
  return envelope("ServicePrincipalSignInLogs", full, { resultType: "7000112", ...change });
}

/** The outcome in one word: the event's type, the reason to ignore, or the dead letter's reason. */
export function verdict(record: unknown, ours = tenantId): string {
  const normalised = normalise(record, ours);
  if (normalised.outcome === "event") return normalised.event.type;
  return normalised.outcome === "ignored"
    ? `ignored: ${normalised.reason}`
    : `dead letter: ${normalised.letter.reason}`;
}

/** The event of that type which the record becomes; throws where it becomes something else. */
export function eventOf<T extends IdentityEvent["type"]>(
  type: T,
  record: unknown,
): Extract<IdentityEvent, { type: T }> {
  const normalised = normalise(record, tenantId);
  if (normalised.outcome !== "event" || !isType(normalised.event, type))
    throw new Error(`Not ${type}: ${verdict(record)}`);
  return normalised.event;
}

function isType<T extends IdentityEvent["type"]>(
  event: IdentityEvent,
  type: T,
): event is Extract<IdentityEvent, { type: T }> {
  return event.type === type;
}
