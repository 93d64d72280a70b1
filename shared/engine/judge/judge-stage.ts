/** Gathers what the guardrails need to know about a stage, and asks them. */

import type { Finding } from "../../domain/finding.ts";
import type { IdentityKind, IdentityRef } from "../../domain/identity.ts";
import { type Plan, type PlannedStep, type StageName, stageOrder } from "../../domain/plan.ts";
import type { GuardrailSubject } from "../../guardrails/guardrail.ts";
import type { DependencyReading } from "../../ports/stores.ts";
import type { OwnIdentity } from "../../ports/tenant.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { signOfLifeIn, standingDisable } from "../evidence/own-changes.ts";
import { ownConfirmationAt } from "../evidence/own-confirmation.ts";
import { markRemediated } from "../evidence/remediation.ts";
import { weighFinding } from "../evidence/weigh-finding.ts";
import { burstBehind } from "../incident/actor-burst.ts";
import { evidenceWithin } from "../incident/hostile-dismissal.ts";
import { findingsFor } from "../incident/plan-findings.ts";
import { actionOf } from "../registry.ts";
import { stepsOf } from "../rows/plans.ts";
import { mayRun, reachesOtherTenants } from "../run/planned-step.ts";
import type { Writer } from "../run/writer.ts";
import { agentsStoppedBy } from "../snapshot/blueprint-agents.ts";
import { certificatesIn } from "../snapshot/complete-facts.ts";
import { missingPermissions } from "../snapshot/permissions.ts";
import { attributeReads, attributeValues } from "../snapshot/protecting-attribute.ts";
import { contradicts, type Facts, readFacts } from "../snapshot/read-facts.ts";
import { pausedBy } from "../unused/life/other-business.ts";
import { type Judgement, judge } from "./judge.ts";
import { isSilent } from "./silence.ts";
import { currentStage, type StageContext } from "./stage-context.ts";

export interface EarlyReads {
  readonly facts: Facts;
  readonly dependencies: readonly DependencyReading[];
  /** values of the attribute that protects; null: could not be read */
  readonly protectingValues: readonly string[] | null;
}

/** What depends on the message alone, so that it is read while the partition is loaded. What depends on it counts for a disable. */
export async function readEarly(writer: Writer, identity: IdentityRef, stage: StageName): Promise<EarlyReads> {
  const { policy, stores } = writer.services;
  const disables = stage === "contain" || stage === "retire";
  if (stage === "contain") warmUp(writer);
  const [facts, readings] = await Promise.all([
    readFacts(writer.services, identity, attributeReads(policy, identity)),
    disables && identity.appId !== null ? stores.dependencies.readings(identity.tenantId, identity.appId) : [],
  ]);
  return { facts, dependencies: readings, protectingValues: attributeValues(policy, identity, facts) };
}

/** Begins what the judgement will ask the writer's caches for; a failure is met again there. */
function warmUp(writer: Writer): void {
  writer.risks.prefetch();
  for (const reading of [writer.safety(), writer.dependencySummary()]) reading.catch(() => undefined);
}

export interface AskedEvidence {
  readonly findings: readonly Finding[];
  /** What is known of a finding, once Graph has said who the identity is. */
  of(finding: Finding, identity: IdentityRef): Promise<Evidence>;
}

/** Asks by the ids that the records claim, beside the snapshot; where Graph's ids turn out to differ, by those again. */
export function askEvidence({ writer, partition, stored }: StageContext): AskedEvidence {
  const findings = findingsFor(partition, stored.plan);
  const ownAt = ownConfirmationAt(partition, stored.plan.incidentId);
  const ask = (finding: Finding) => evidenceWithin(writer, partition, stored.plan.incidentId, finding, ownAt);
  const asked = new Map(findings.map((finding) => [finding, ask(finding)]));
  for (const evidence of asked.values()) evidence.catch(() => undefined); // awaited later, or not at all
  return {
    findings,
    of(finding, identity) {
      const subject = completed(finding.subject, identity);
      const holds =
        finding.details.about !== "risk" || subject.servicePrincipalId === finding.subject.servicePrincipalId;
      return (holds ? asked.get(finding) : undefined) ?? ask({ ...finding, subject });
    },
  };
}

export interface JudgedStage {
  readonly subject: GuardrailSubject;
  readonly judgement: Judgement;
}

export async function judgeStage(
  context: StageContext,
  { facts, dependencies, protectingValues }: EarlyReads,
  asked: AskedEvidence,
): Promise<JudgedStage> {
  const { writer, stored, stage } = context;
  const { services } = writer;
  const now = services.clock.now();
  // what names other objects than Graph does is about somebody else
  const findings = asked.findings.filter((finding) => contradicts(finding.subject, facts) === null);
  const steps = stepsOf(stored.plan, stage).flatMap(({ step }) => (mayRun(step, facts.kind) ? [step] : []));
  const [evidence, self, { modes, ...safety }, burst, agents] = await Promise.all([
    Promise.all(findings.map((finding) => asked.of(finding, facts.identity))),
    services.tenant.whoAmI(),
    writer.safety(),
    burstBehind(writer, findings, facts.identity),
    agentsStoppedBy(services, facts, steps),
  ]);
  const { policy } = services;
  // what a stage has begun to remove is gone by its own hand: a crash in between is no remediation
  const begun = currentStage(context).status === "running";
  const actors = new Set(findings.flatMap((finding, i) => (evidence[i]?.borneOut === true ? actorOf(finding) : [])));
  const weighed = findings.flatMap((finding, i) => {
    const found = evidence[i];
    return found === undefined ? [] : [weighFinding({ finding, evidence: found, facts, policy, now, actors, begun })];
  });
  const subject: GuardrailSubject = {
    now,
    playbook: stored.plan.playbook,
    askedMode: stored.plan.mode ?? null,
    stage,
    begun,
    steps,
    facts,
    findings: begun ? weighed : await markRemediated(services, facts, weighed),
    plannedFor: stored.plan.findingIds,
    policy,
    self,
    dependencies,
    modeOverride: modes[stored.plan.playbook] ?? null,
    silent: isSilent(context),
    agents,
    standing: standingDisable(context.partition, stored.plan.id, now),
    otherBusiness: stage === "retire" ? otherBusinessIn(context, now) : null,
    signOfLifeAt: signOfLifeIn(context.partition),
    ...safety,
    burst,
    protectingValues,
    missingPermissions: toCome(stored.plan, stage, facts.kind).flatMap((step) => missingFor(step, facts.kind, self)),
    keys: stage === "contain" ? [] : certificatesIn(facts),
    reachesOtherTenants: facts.kind === "home-multi-tenant" && steps.some(reachesOtherTenants),
    irreversible: steps.some((step) => actionOf(step.action).impact(facts.kind) === "irreversible"),
    reservation: null,
  };
  return { subject, judgement: judge(subject) };
}

function otherBusinessIn({ partition, stored, writer }: StageContext, now: number): string | null {
  const { quietHours } = writer.services.policy.incident;
  return pausedBy(partition, stored.plan.incidentId, quietHours * 3600_000, now);
}

/** Undoing our containment alone makes nobody an actor of the incident. */
function actorOf({ details, actorId }: Finding): readonly string[] {
  return actorId === null || details.about === "switched-on" ? [] : [actorId];
}

/**
 * Of a required step; an optional one that lacks a permission is skipped when its turn comes. But of what would be deleted a receipt has
 * to be kept: there only a licence may be lacking.
 */
function missingFor(
  { action: id, need, stage }: PlannedStep,
  kind: IdentityKind,
  self: OwnIdentity | null,
): readonly string[] {
  const action = actionOf(id);
  if ((need === "optional" && stage !== "retire") || !action.appliesTo(kind)) return [];
  return missingPermissions(action, kind, self?.roles ?? null).map((permission) => `${permission} (${id})`);
}

/** The stage's steps and those of the stages behind it: half a containment is nobody's surprise. */
function toCome({ steps }: Plan, stage: StageName, kind: IdentityKind): readonly PlannedStep[] {
  const comes = (step: PlannedStep) => stageOrder.indexOf(step.stage) >= stageOrder.indexOf(stage);
  return steps.filter((step) => comes(step) && mayRun(step, kind));
}

/** The record may carry one id and Graph's copy the other. */
function completed(claimed: IdentityRef, known: IdentityRef): IdentityRef {
  return { ...known, servicePrincipalId: known.servicePrincipalId ?? claimed.servicePrincipalId };
}
