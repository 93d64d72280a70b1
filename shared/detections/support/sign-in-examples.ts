/** Builds sign-ins, and what was seen before them, for the detections that need a baseline. */
import { type Baseline, emptyBaseline, type Facet } from "../../domain/baseline.ts";
import type { EventOf } from "../../domain/event.ts";
import { auditExample, exampleSubject } from "./examples.ts";

const exampleKeyId = "11ca002d-d846-4692-8e1f-501db99f485a";
const graphAppId = "00000003-0000-0000-c000-000000000000";

/** A usual token request of the example identity: from 203.0.113.66, AS64496, the Netherlands. */
export function signInExample(change: Partial<EventOf<"signed-in">>): EventOf<"signed-in"> {
  const { servicePrincipalId, appId, tenantId } = exampleSubject;
  const said = {
    errorCode: 0,
    credentialKeyId: exampleKeyId,
    credentialType: "clientSecret",
    ipAddress: "203.0.113.66",
    asn: 64496,
    country: "NL",
    resourceAppId: graphAppId,
    resourceServicePrincipalId: null,
    managedIdentity: false,
    ownerTenantId: tenantId,
    // Entra writes these on every harmless record, too
    risk: { level: "low", state: "none" },
    conditionalAccess: { blockedBy: [], wouldBlock: [] },
  };
  return auditExample("signed-in", said, {
    category: "ServicePrincipalSignInLogs",
    actor: { kind: "workload", id: servicePrincipalId, appId, claimedName: "Billing export" },
    ...change,
  });
}

/** Epoch ms, so many minutes before the examples' usual time. */
export function minutesBefore(minutes: number): number {
  return Date.parse(signInExample({}).occurredAt) - minutes * 60_000;
}

export const daysBefore = (days: number): number => minutesBefore(days * 24 * 60);

/** Watched for 40 days, and what was seen: each value with the time it was first and last seen. */
export function exampleBaseline(seen: Baseline["seen"], forgotten: readonly Facet[] = []): Baseline {
  return {
    ...emptyBaseline,
    signInsSince: daysBefore(40),
    seen,
    forgotten: Object.fromEntries(forgotten.map((facet) => [facet, daysBefore(1)])),
  };
}

/** Each seen now and then, up to an hour before the examples. */
export function usualValues(...values: readonly string[]): Record<string, [number, number]> {
  return Object.fromEntries(values.map((value) => [value, [daysBefore(40), minutesBefore(60)]]));
}
