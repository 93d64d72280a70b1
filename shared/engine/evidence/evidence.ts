/** Is a finding borne out? Graph's own copy of the record, and what it says: an event alone is a claim. */
import { describeError, TerminalError } from "../../domain/errors.ts";
import type { Finding } from "../../domain/finding.ts";
import { keyOfRef } from "../../domain/identity.ts";
import { isOfSignIns } from "../../guardrails/not-borne-out.ts";
import type { Services } from "../../ports/services.ts";
import { readBaseline } from "../ingest/baselines.ts";
import { auditEvidence } from "./audit-evidence.ts";
import type { AuditLookup } from "./audit-lookup.ts";
import type { Evidence } from "./evidence-answer.ts";
import { wasKnownBefore } from "./known-before.ts";
import { riskEvidence } from "./risk-evidence.ts";
import type { RiskLookup } from "./risk-lookup.ts";

export type { Evidence } from "./evidence-answer.ts";
export { isWithdrawn } from "./risk-evidence.ts";

export interface Asked {
  readonly services: Services;
  readonly risks: RiskLookup;
  readonly audits: AuditLookup;
}

/** `ownAt`: epoch ms of our own confirmation, whose echo bears nothing out. */
export async function evidenceFor(
  { services, risks, audits }: Asked,
  finding: Finding,
  ownAt: number | null,
): Promise<Evidence> {
  const { details, warrant } = finding;
  // a person's word counts for the plans alone that were signed for it
  const claimed = { withdrawn: false, at: warrant.activityAt, risk: null };
  if (details.about === "manual") return { ...claimed, borneOut: true };
  // Graph has its copy of the sign-ins of workloads on beta only; and what may cause nothing is not worth a request
  if (isOfSignIns(warrant.category) || finding.ceiling === "notify") return { ...claimed, borneOut: false };
  if (details.about === "risk") return riskEvidence(risks, finding, ownAt);
  const evidence = await auditEvidence(services, audits, finding);
  return evidence.borneOut === true && (await isOldNews(services, finding))
    ? { ...evidence, borneOut: false }
    : evidence;
}

/** A baseline that cannot be read says nothing against what Graph's own log bears out. */
async function isOldNews(services: Services, finding: Finding): Promise<boolean> {
  const key = keyOfRef(finding.subject);
  if (key === null || finding.details.about !== "credential-added") return false;
  try {
    return wasKnownBefore(await readBaseline(services, key), finding) === true;
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    services.logger.error("The baseline of an identity could not be read", {
      identity: key,
      error: describeError(error),
    });
    return false;
  }
}
