/** Builds the events that detections show as examples: one identity, changed only in what the example is about. */
import { type Baseline, emptyBaseline, type Facet, type Sighting } from "../../domain/baseline.ts";
import type { Actor, CredentialDescription, EventOf, EventType } from "../../domain/event.ts";
import type { FederatedTuple } from "../../domain/federated-tuple.ts";

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

/** What `addTokenSigningCertificate` adds: two keys, and the password of the one that signs. */
export const exampleSigningSet = [
  exampleKey({ keyType: "AsymmetricX509Cert", keyUsage: "Sign" }),
  exampleKey({ keyType: "AsymmetricX509Cert", keyId: "4245f2f5-4052-4c5b-afe8-1d7885d9bb39" }),
  exampleKey({}),
];

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

export const exampleApplicationId = "8d8d96a4-edb4-495c-a412-6e72c7e21084";
export const onExampleApplication = { object: "application", objectId: exampleApplicationId } as const;

/** When the examples happened, epoch ms. */
export const exampleAt = Date.parse(at);

/** Microsoft's own provisioning: without ids, which no application of a tenant can be, and by a known name. */
export const examplePlatform: Actor = {
  kind: "workload",
  id: null,
  appId: null,
  claimedName: "Microsoft Azure AD Internal - Jit Provisioning",
};

/** The subject of a record that names no workload identity. */
export const exampleNobody = { tenantId, appId: null, servicePrincipalId: null, applicationObjectId: null } as const;

/** What was seen before an example: by facet, each value with the minutes before it at which it was seen once. */
export function exampleHistory(seen: Partial<Record<Facet, Readonly<Record<string, number>>>>): Baseline {
  const sighting = (minutes: number): Sighting => [exampleAt - minutes * 60_000, exampleAt - minutes * 60_000];
  const sets = Object.entries(seen).map(([facet, values]) => [
    facet,
    Object.fromEntries(Object.entries(values).map(([value, minutes]) => [value, sighting(minutes)])),
  ]);
  const since = exampleAt - 90 * 24 * 3600_000;
  return { ...emptyBaseline, signInsSince: since, changesSince: since, seen: Object.fromEntries(sets) };
}

/** RoleManagement.ReadWrite.Directory of Microsoft Graph. */
export function grantExample(change: Partial<EventOf<"app-role-granted">>): EventOf<"app-role-granted"> {
  const resourceId = "e7d34cf5-a413-41ed-b340-305e5d53049d";
  const resourceAppId = "00000003-0000-0000-c000-000000000000";
  const [appRoleId, value] = ["9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", "RoleManagement.ReadWrite.Directory"];
  return auditExample("app-role-granted", { resourceId, resourceAppId, appRoleId, value }, change);
}

/** Global Administrator, active, for the whole tenant. */
export function roleExample(change: Partial<EventOf<"directory-role-assigned">>): EventOf<"directory-role-assigned"> {
  const role = { roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10", claimedRole: "Global Administrator" };
  return auditExample("directory-role-assigned", { ...role, directoryScopeId: "/", eligible: false }, change);
}

export const githubTuple: FederatedTuple = {
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/payroll:ref:refs/heads/main",
  expression: null,
  audiences: ["api://AzureADTokenExchange"],
};

export function federatedExample(
  change: Partial<EventOf<"federated-credentials-changed">>,
): EventOf<"federated-credentials-changed"> {
  const said = { ...onExampleApplication, added: [githubTuple], removed: [], before: 1 };
  return auditExample("federated-credentials-changed", said, change);
}

/** One user's consent to these scopes of Microsoft Graph. */
export function consentExample(
  scopes: readonly string[],
  change: Partial<EventOf<"consented">> = {},
): EventOf<"consented"> {
  const resource = { resourceId: "c6de1beb-148e-43f6-8c73-29d84232e699", consentType: "Principal" } as const;
  const grants = [{ ...resource, principalId: "9d8001cb-a159-4252-a3a1-c2dc689f322a", scopes: [...scopes] }];
  return auditExample("consented", { onBehalfOfAll: false, appRoles: false, risky: false, grants }, change);
}

/** The same to Microsoft's Graph Explorer. */
export function graphExplorerExample(
  scopes: readonly string[],
  change: Partial<EventOf<"consented">> = {},
): EventOf<"consented"> {
  const subject = { ...exampleSubject, appId: "de8bc8b5-d9f9-48b1-a8ad-b748da725064" };
  return consentExample(scopes, { subject, claimedName: "Graph Explorer", ...change });
}

export function existenceExample(change: Partial<EventOf<"existence-changed">>): EventOf<"existence-changed"> {
  const said = { object: "servicePrincipal", objectId: exampleSubject.servicePrincipalId, change: "created" } as const;
  return auditExample("existence-changed", said, change);
}
