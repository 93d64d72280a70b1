/** How far does one finding permit to go? Its strictest matching line counts; every limit says why. */
import type { Finding } from "../../domain/finding.ts";
import { type Ceiling, strictest } from "../../domain/mode.ts";
import type { Line, Policy, Requirement } from "../../domain/policy.ts";
import { isAboutDisuse } from "../../domain/scanned.ts";
import type { IdentityFacts } from "../../domain/snapshot.ts";
import type { WeighedFinding } from "../../guardrails/guardrail.ts";
import { isOfSignIns } from "../../guardrails/not-borne-out.ts";
import { detections } from "../registry.ts";
import type { Evidence } from "./evidence.ts";

interface Weighing {
  readonly finding: Finding;
  readonly evidence: Evidence;
  readonly facts: IdentityFacts;
  readonly policy: Policy;
  readonly now: number;
  /** who is behind other findings of the incident that Graph bears out */
  readonly actors?: ReadonlySet<string>;
  /** the stage has begun to write: what it removes itself takes nothing from the evidence it began with */
  readonly begun?: boolean;
}

interface Limit {
  readonly mode: Ceiling;
  readonly why: string;
}

/** Pure. Graph's copy replaces the record's words where there is one, for the guardrails too. */
export function weighFinding({ finding: claimed, ...rest }: Weighing): WeighedFinding {
  const finding = inGraphsWords(claimed, rest.evidence);
  const weighing: Weighing = { finding, ...rest };
  const { evidence, policy } = weighing;
  const limits: Limit[] = [
    { mode: ceilingOf(finding), why: `ceiling of ${finding.detection} is ${ceilingOf(finding)}` },
    ...matchingLines(weighing).flatMap((named) => limitsOf(named, weighing)),
    ...ageLimit(weighing),
    ...(evidence.borneOut === true ? [] : [{ mode: "approve", why: "not borne out by Graph" } as const]),
    ...(evidence.withdrawn ? [{ mode: "observe", why: "the evidence was withdrawn" } as const] : []),
    ...dismissedLimit(evidence),
    ...(evidence.asks === undefined ? [] : [{ mode: "approve", why: evidence.asks } as const]),
  ];
  const mode = strictest("enforce", ...limits.map((limit) => limit.mode));
  return {
    finding,
    mode,
    limits: limits.filter((limit) => limit.mode === mode && mode !== "enforce").map(({ why }) => why),
    borneOut: evidence.borneOut,
    withdrawn: evidence.withdrawn,
    ...(evidence.because === undefined ? {} : { because: evidence.because }),
    unattended: policy.detections[finding.detection]?.unattendedEradication ?? [],
  };
}

/** The stored row is not signed: it may tighten what the detection allows, never loosen it. */
function ceilingOf({ detection, ceiling, details }: Finding): Ceiling {
  if (details.about === "unused-credential") return strictest(ceiling, "approve"); // people decide each
  return strictest(ceiling, detections.get(detection)?.ceiling ?? ceiling);
}

/** Whoever can send to a hub can claim any words, and any time, beside a true record id. */
function inGraphsWords(finding: Finding, { risk, borneOut, at }: Evidence): Finding {
  if (borneOut !== true) return finding;
  const timed: Finding = { ...finding, warrant: { ...finding.warrant, activityAt: at } };
  if (risk === null || finding.details.about !== "risk") return timed;
  const { riskEventType, riskLevel, riskState, riskDetail, keyIds } = risk;
  return { ...timed, details: { about: "risk", riskEventType, riskLevel, riskState, riskDetail, keyIds: [...keyIds] } };
}

interface NamedLine {
  readonly name: string;
  readonly line: Line;
}

function matchingLines({ finding, policy }: Weighing): readonly NamedLine[] {
  // its ceiling holds the one at what another person approves, and `stages.retire` the other
  if (finding.details.about === "manual" || isAboutDisuse(finding)) return [];
  const lines: NamedLine[] = [
    {
      name: `detections.${finding.detection}`,
      line: policy.detections[finding.detection] ?? { max: "observe", require: [] },
    },
  ];
  if (finding.details.about !== "risk") return lines;
  const { riskEventType, riskLevel } = finding.details;
  if (riskEventType !== null) lines.push(lookUp("riskEventTypes", policy.riskEventTypes, riskEventType));
  lines.push(lookUp("riskLevels", policy.riskLevels, riskLevel));
  return lines;
}

/** What has no line of its own falls under `unknown`, and where that is missing too, a person is asked. */
function lookUp(section: string, lines: Readonly<Record<string, Line>>, name: string): NamedLine {
  const line = Object.hasOwn(lines, name) ? lines[name] : undefined;
  return { name: `${section}.${name}`, line: line ?? lines.unknown ?? { max: "approve", require: [] } };
}

function limitsOf({ name, line }: NamedLine, weighing: Weighing): readonly Limit[] {
  const unmet = line.require.filter((requirement) => !isMet(requirement, weighing));
  return [
    { mode: line.max, why: `${name} permits ${line.max}` },
    ...unmet.map((requirement): Limit => ({ mode: "approve", why: `${name} requires ${requirement}` })),
  ];
}

function isMet(requirement: Requirement, { finding, facts, now, actors, begun = false }: Weighing): boolean {
  if (requirement === "foreign-application") return facts.kind === "foreign";
  if (requirement === "workload-or-incident-actor") return isForeseen(finding, actors);
  if (finding.details.about !== "risk") return false;
  if (requirement === "high-risk") return finding.details.riskLevel === "high";
  if (begun) return true;
  const leaked = finding.details.keyIds;
  const passwords = [
    ...(facts.servicePrincipal?.passwordCredentials ?? []),
    ...(facts.application?.passwordCredentials ?? []),
  ];
  return passwords.some(
    ({ keyId, endDateTime }) => leaked.includes(keyId) && (endDateTime === null || Date.parse(endDateTime) > now),
  );
}

/** An administrator may be right, and is asked, not fought. */
function isForeseen({ details, actorId }: Finding, actors: Weighing["actors"]): boolean {
  if (details.about !== "switched-on") return false;
  return details.by === "workload" || (actorId !== null && actors?.has(actorId) === true);
}

function dismissedLimit({ dismissedBy }: Evidence): readonly Limit[] {
  if (dismissedBy === undefined) return [];
  const why = `the risk was dismissed by ${dismissedBy}, a workload or an actor of the incident`;
  return [{ mode: "approve", why }];
}

function ageLimit({ finding, evidence, policy, now }: Weighing): readonly Limit[] {
  const { category } = finding.warrant;
  const isAtOnce = category === "AuditLogs" || isOfSignIns(category); // risk is worked out later
  const limitMs = isAtOnce ? policy.freshness.auditMinutes * 60_000 : policy.freshness.riskHours * 3600_000;
  const ageMs = now - Date.parse(evidence.at);
  return ageMs <= limitMs
    ? []
    : [{ mode: "approve", why: `the evidence is ${Math.round(ageMs / 60_000)} minutes old` }];
}
