/** A stage that everything permits: a home application nobody depends on, and a leak that Graph bears out as new. */
import { loadPolicy } from "../../shared/config/policy-file.ts";
import type { PlannedStep } from "../../shared/domain/plan.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { Application, type IdentityFacts, ServicePrincipal } from "../../shared/domain/snapshot.ts";
import type { GuardrailSubject, WeighedFinding } from "../../shared/guardrails/guardrail.ts";
import { leakedKeyId, now, riskFinding, subject } from "./findings.ts";

export const dayMs = 24 * 3600_000;

/** The shipped policy as somebody would set it after reading what it observed. */
export const policy: Policy = { ...loadPolicy("policy.yaml"), tenantId: subject.tenantId, mode: "enforce" };

export function servicePrincipal(change: Readonly<Record<string, unknown>> = {}): ServicePrincipal {
  return ServicePrincipal.parse({
    passwordCredentials: [],
    id: subject.servicePrincipalId,
    appId: subject.appId,
    accountEnabled: true,
    appOwnerOrganizationId: subject.tenantId,
    servicePrincipalType: "Application",
    signInAudience: "AzureADMyOrg",
    ...change,
  });
}

export function application(change: Readonly<Record<string, unknown>> = {}): Application {
  return Application.parse({
    id: subject.applicationObjectId,
    appId: subject.appId,
    signInAudience: "AzureADMyOrg",
    createdDateTime: "2024-01-01T00:00:00Z",
    passwordCredentials: [{ keyId: leakedKeyId, endDateTime: "2027-01-01T00:00:00Z" }],
    ...change,
  });
}

export function facts(change: Partial<IdentityFacts> = {}): IdentityFacts {
  return {
    readAt: now,
    servicePrincipal: servicePrincipal(),
    application: application(),
    kind: "home-single-tenant",
    identity: subject,
    assignedUsers: 0,
    clientApplications: 0,
    delegatedGrants: 0,
    managedIdentity: null,
    heldAppRoles: [],
    unread: [],
    ...change,
  };
}

export function weighed(change: Partial<WeighedFinding> = {}): WeighedFinding {
  return { finding: riskFinding({}), mode: "enforce", limits: [], borneOut: true, withdrawn: false, ...change };
}

const planned = { need: "required", onFailure: "stop", reason: "test", undoes: null } as const;

export const disable: PlannedStep = {
  action: "disable-service-principal",
  parameters: {},
  stage: "contain",
  ...planned,
};

export function removal(keyIds: "all" | readonly string[]): PlannedStep {
  const parameters = { object: "application", objectId: null, keyIds };
  return { action: "remove-password-credentials", parameters, stage: "eradicate", ...planned };
}

export const ourselves = {
  tenantId: subject.tenantId,
  appId: "a0a0a0a0-0000-4000-8000-000000000001",
  servicePrincipalId: "a0a0a0a0-0000-4000-8000-000000000002",
  roles: null,
};

export function subjectOf(change: Partial<GuardrailSubject> = {}): GuardrailSubject {
  return {
    now,
    playbook: "contain-compromised-identity",
    stage: "contain",
    begun: false,
    steps: [disable],
    facts: facts(),
    findings: [weighed()],
    plannedFor: [],
    policy,
    self: ourselves,
    reachesOtherTenants: false,
    irreversible: false,
    dependencies: [
      { readAt: now - dayMs, lastUsedAt: now - 40 * dayMs, appProxy: false, createdAt: now - 700 * dayMs },
    ],
    killSwitch: null,
    modeOverride: null,
    silent: false,
    agents: [],
    askedMode: null,
    standing: null,
    otherBusiness: null,
    signOfLifeAt: null,
    breaker: null,
    burst: null,
    protections: { never: [], ask: [] },
    protectingValues: [],
    missingPermissions: [],
    keys: [],
    reservation: null,
    ...change,
  };
}

/** The same at the eradicate stage, with the stage permitted. */
export function eradicating(
  keyIds: "all" | readonly string[],
  change: Partial<GuardrailSubject> = {},
): GuardrailSubject {
  const permitted: Policy = { ...policy, stages: { contain: "enforce", eradicate: "enforce", retire: "observe" } };
  return subjectOf({ stage: "eradicate", steps: [removal(keyIds)], irreversible: true, policy: permitted, ...change });
}
