/** Payroll is not stopped by a machine: what depends on the identity is named before a disable, and unknown counts. */
import type { Impact } from "../domain/policy.ts";
import { isBySilence } from "./by-silence.ts";
import { disables, type Guardrail, type GuardrailSubject, pass } from "./guardrail.ts";

const dayMs = 24 * 3600_000;
/** Last use further back than this before the reading rules out daily use; so does an age under `youngMs`. */
const idleMs = 10 * dayMs;
const youngMs = 20 * dayMs;

/**
 * The reading that was taken before the suspected activity: a later one holds the attacker's own use. A claim that Graph does
 * not bear out moves that time only while there is nothing better: an old date in a forged record would veto a containment.
 */
function readingBefore(subject: GuardrailSubject) {
  const borneOut = subject.findings.filter((weighed) => weighed.borneOut === true);
  const suspected = borneOut.length > 0 ? borneOut : subject.findings;
  const suspectedAt = Math.min(...suspected.map(({ finding }) => Date.parse(finding.warrant.activityAt)));
  return subject.dependencies?.find((reading) => reading.readAt < suspectedAt) ?? null;
}

function dailyUse(subject: GuardrailSubject): Impact | null {
  const reading = readingBefore(subject);
  const created = Date.parse(subject.facts.application?.createdDateTime ?? "") || reading?.createdAt || null;
  if (created !== null && subject.now - created < youngMs) return null;
  if (reading === null || reading.lastUsedAt === null) return "unknown";
  return reading.readAt - reading.lastUsedAt > idleMs ? null : "daily-use";
}

function appProxy(subject: GuardrailSubject): Impact | null {
  const known = subject.facts.application === null ? false : readingBefore(subject)?.appProxy;
  if (known === null || known === undefined) return "unknown";
  return known ? "app-proxy" : null;
}

function counted(count: number | null, impact: Impact): Impact | null {
  if (count === null) return "unknown";
  return count > 0 ? impact : null;
}

function singleSignOn({ facts }: GuardrailSubject): Impact | null {
  if (!facts.servicePrincipal) return "unknown";
  const mode = facts.servicePrincipal.preferredSingleSignOnMode?.toLowerCase() ?? "";
  return mode === "" || mode === "notsupported" ? null : "sso";
}

/** What would stop, in the policy's words; `unknown` where a fact could not be had. */
export function dependencies(subject: GuardrailSubject): readonly Impact[] {
  const found = [
    counted(subject.facts.assignedUsers, "assigned-users"),
    counted(subject.facts.clientApplications, "client-apps"),
    counted(subject.facts.delegatedGrants, "delegated-grants"),
    singleSignOn(subject),
    appProxy(subject),
    dailyUse(subject),
  ];
  return [...new Set(found.filter((impact) => impact !== null))];
}

function isOverridden({ findings, policy }: GuardrailSubject): boolean {
  return findings.some(({ finding, borneOut, withdrawn }) => {
    if (finding.details.about !== "risk" || borneOut !== true || withdrawn) return false;
    const { riskEventType, riskDetail } = finding.details;
    return [riskEventType, riskDetail].some((name) => name !== null && policy.impact.overriddenBy.includes(name));
  });
}

/**
 * Who may use it and does not was weighed when it was found unused. What that cannot see still asks: sign-in pages and publishing leave no
 * trace in the report that it stands on.
 */
function unseenDependencies(subject: GuardrailSubject): readonly Impact[] {
  const { assignedUsers, clientApplications, delegatedGrants, application } = subject.facts;
  const isUnknown = [assignedUsers, clientApplications, delegatedGrants].includes(null);
  const proxies = application === null ? false : (subject.dependencies?.[0]?.appProxy ?? null);
  const found: readonly (Impact | null)[] = [
    isUnknown || proxies === null ? "unknown" : null,
    singleSignOn(subject),
    proxies === true ? "app-proxy" : null,
  ];
  return [...new Set(found.filter((impact) => impact !== null))];
}

export const dependedOn: Guardrail = {
  id: "depended-on",
  title: "Keeps an identity that people or programs depend on from being disabled without a person.",
  check(subject) {
    if (!disables(subject) || isOverridden(subject) || isBySilence(subject)) return pass;
    const found = subject.stage === "retire" ? unseenDependencies(subject) : dependencies(subject);
    const asking = found.filter((impact) => subject.policy.impact.approveWhen.includes(impact));
    return asking.length === 0 ? pass : { verdict: "ask", reason: `what depends on it: ${asking.join(", ")}` };
  },
};
