/** Is a risk borne out? Identity Protection's own list of detections says so, or nobody. */
import type { Finding } from "../../domain/finding.ts";
import type { Evidence } from "./evidence-answer.ts";
import { isOwnConfirmation } from "./own-confirmation.ts";
import type { RiskLookup } from "./risk-lookup.ts";

const closedStates = new Set(["dismissed", "remediated", "confirmedsafe"]);

export function isWithdrawn(state: string): boolean {
  return closedStates.has(state.toLowerCase());
}

/** Graph has its copy of what is said of agents on beta only, which no containment asks: it stays a claim, and a person decides. */
function isOfAgents(category: string): boolean {
  return category === "RiskyAgents" || category === "AgentRiskEvents";
}

/** `ownAt`: epoch ms of our own confirmation, whose echo bears nothing out. */
export async function riskEvidence(risks: RiskLookup, finding: Finding, ownAt: number | null): Promise<Evidence> {
  const { warrant, subject } = finding;
  const unknown: Evidence = { borneOut: null, withdrawn: false, at: warrant.activityAt, risk: null };
  if (subject.servicePrincipalId === null || isOfAgents(warrant.category)) return { ...unknown, borneOut: false };
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
