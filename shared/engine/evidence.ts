/** Is a finding borne out? Graph's own copy of the record, and what it says: an event alone is a claim. */
import { z } from "zod";
import type { Finding } from "../domain/finding.ts";
import type { Services } from "../ports/services.ts";
import { type ApiRequest, apiPath } from "../ports/tenant.ts";
import { keyDifference, parseKeyDescription } from "../records/key-description.ts";
import { isOwnConfirmation } from "./own-confirmation.ts";
import { askAll } from "./read-facts.ts";
import type { RiskDetectionRecord, RiskLookup } from "./risk-lookup.ts";

export interface Evidence {
  /** null: Graph could not be asked, or its copy may only be late */
  readonly borneOut: boolean | null;
  readonly withdrawn: boolean;
  /** ISO 8601 UTC, from Graph's copy where there is one: a replayed record cannot make itself younger */
  readonly at: string;
  /** Graph's words, where they replace the record's */
  readonly risk: RiskDetectionRecord | null;
}

/** Graph's copy of an audit record may lag behind the hub this long. */
const auditLagMs = 10 * 60_000;
const closedStates = new Set(["dismissed", "remediated", "confirmedsafe"]);

export function isWithdrawn(state: string): boolean {
  return closedStates.has(state.toLowerCase());
}

/** `ownAt`: epoch ms of our own confirmation, whose echo bears nothing out. */
export async function evidenceFor(
  services: Services,
  risks: RiskLookup,
  finding: Finding,
  ownAt: number | null,
): Promise<Evidence> {
  return finding.details.about === "risk" ? riskEvidence(risks, finding, ownAt) : auditEvidence(services, finding);
}

async function riskEvidence(risks: RiskLookup, finding: Finding, ownAt: number | null): Promise<Evidence> {
  const { warrant, subject } = finding;
  const unknown: Evidence = { borneOut: null, withdrawn: false, at: warrant.activityAt, risk: null };
  if (subject.servicePrincipalId === null) return { ...unknown, borneOut: false };
  const isSummary = warrant.category === "RiskyServicePrincipals";
  const wanted = { servicePrincipalId: subject.servicePrincipalId, detectionId: isSummary ? null : warrant.recordId };
  const listed = await risks.find(wanted);
  if (listed === "unknown") return unknown;
  const found = listed.filter((record) => !isOwnConfirmation(record, record.activityDateTime, ownAt));
  const [first] = found;
  if (first === undefined) return { ...unknown, borneOut: false };
  const live = found.find((record) => !isWithdrawn(record.riskState));
  const risk = live ?? first;
  return { borneOut: true, withdrawn: live === undefined, at: risk.activityDateTime, risk };
}

const Property = z.object({ displayName: z.string().nullish(), oldValue: z.unknown(), newValue: z.unknown() });
const Target = z.object({ id: z.string().nullish(), modifiedProperties: z.array(Property).nullish() });
const AuditCopy = z.object({
  id: z.string(),
  activityDateTime: z.string(),
  targetResources: z.array(Target).default([]),
});

async function auditEvidence(services: Services, { warrant, details }: Finding): Promise<Evidence> {
  const request: ApiRequest = {
    method: "GET",
    version: "v1.0",
    path: apiPath`/auditLogs/directoryAudits/${warrant.recordId}`,
    lane: "reports",
  };
  const answer = (await askAll(services, [request])).get(request);
  const claimed = { withdrawn: false, at: warrant.activityAt, risk: null };
  if (answer === undefined || (!answer.ok && answer.status !== 404)) return { ...claimed, borneOut: null };
  if (!answer.ok) {
    const mayBeLate = services.clock.now() - Date.parse(warrant.activityAt) < auditLagMs;
    return { ...claimed, borneOut: mayBeLate ? null : false };
  }
  const copy = AuditCopy.safeParse(answer.body);
  if (!copy.success || details.about !== "credential-added") return { ...claimed, borneOut: false };
  const target = copy.data.targetResources.find(({ id }) => id?.toLowerCase() === details.objectId);
  const added = target === undefined ? [] : keysAdded(target);
  const isSame = details.added.every((key) => added.includes(key.keyId.toLowerCase()));
  return { ...claimed, at: copy.data.activityDateTime, borneOut: target !== undefined && isSame };
}

/** A true record's id beside an old key's must not pass that key off as new. Where Graph cannot be read, none was added. */
function keysAdded({ modifiedProperties }: z.output<typeof Target>): readonly string[] {
  const changed = modifiedProperties?.find(({ displayName }) => displayName?.toLowerCase() === "keydescription");
  const [before, after] = [parseKeyDescription(changed?.oldValue), parseKeyDescription(changed?.newValue)];
  if (!before.ok || !after.ok) return [];
  return keyDifference(before.keys ?? [], after.keys ?? []).added.map(({ keyId }) => keyId);
}
