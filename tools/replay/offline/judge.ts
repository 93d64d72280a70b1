/** Would the stage run? The engine's own weighing and guardrails, over what a replay knows and over what it does not. */
import type { Finding } from "../../../shared/domain/finding.ts";
import type { IdentityKind } from "../../../shared/domain/identity.ts";
import type { Plan, StageName } from "../../../shared/domain/plan.ts";
import type { Evidence } from "../../../shared/engine/evidence/evidence.ts";
import { weighFinding } from "../../../shared/engine/evidence/weigh-finding.ts";
import { type Judgement, judge } from "../../../shared/engine/judge/judge.ts";
import { actionOf, guardrails } from "../../../shared/engine/registry.ts";
import { stepsOf } from "../../../shared/engine/rows/plans.ts";
import { mayRun, reachesOtherTenants } from "../../../shared/engine/run/planned-step.ts";
import type { Facts } from "../../../shared/engine/snapshot/read-facts.ts";
import type { ActorBurst, Guardrail, GuardrailSubject } from "../../../shared/guardrails/guardrail.ts";
import { harmlessFacts, kindByAppId, unknownFacts } from "./facts.ts";
import type { ReplayServices } from "./services.ts";

export interface StageInHand {
  readonly plan: Plan;
  readonly stage: StageName;
  readonly findings: readonly Finding[];
  readonly burst: ActorBurst | null;
  /** as far as records say; `unknown` mostly */
  readonly kind: IdentityKind;
}

export interface OfflineJudgement {
  /** as it would be if the tenant said nothing against it */
  readonly subject: GuardrailSubject;
  readonly judgement: Judgement;
  /** guardrails whose answer hangs on what only the tenant can tell */
  readonly needsTenant: readonly string[];
}

/** Of these kinds nothing is asked for the kind's sake. */
const usualKinds: readonly IdentityKind[] = ["home-single-tenant", "foreign"];

export function judgeOffline(services: ReplayServices, hand: StageInHand): OfflineJudgement {
  const { identity } = hand.plan;
  const now = services.clock.now();
  const kind = hand.kind === "unknown" ? kindByAppId(identity) : hand.kind;
  const kinds = kind === "unknown" ? usualKinds : [kind];
  const known = kinds.map((one) => harmless(services, hand, harmlessFacts(now, identity, one, hand.findings)));
  const unknown = withoutTenant(services, hand, unknownFacts(now, identity, kind));
  const judged = known.map((subject) => ({ subject, judgement: judge(subject) }));
  const best = judged.toSorted((a, b) => weight[a.judgement.verdict] - weight[b.judgement.verdict])[0];
  if (best === undefined) throw new Error("a stage was judged for no kind of identity");
  const needsTenant = [...guardrails.values()].filter((guardrail) => hangsOnTenant(guardrail, [unknown, ...known]));
  return { ...best, needsTenant: needsTenant.map(({ id }) => id) };
}

const weight: Readonly<Record<Judgement["verdict"], number>> = {
  pass: 0,
  wait: 1,
  ask: 2,
  defer: 3,
  observe: 4,
  refuse: 5,
};

function hangsOnTenant(guardrail: Guardrail, subjects: readonly GuardrailSubject[]): boolean {
  return new Set(subjects.map((subject) => answerOf(guardrail, subject))).size > 1;
}

/** One that throws refuses, as it does where it is judged. */
function answerOf(guardrail: Guardrail, subject: GuardrailSubject): Judgement["verdict"] {
  try {
    return guardrail.check(subject).verdict;
  } catch {
    return "refuse";
  }
}

/** Nothing in the tenant speaks against it: long unused, read before anything was suspected, and no certificate is its last. */
function harmless(services: ReplayServices, hand: StageInHand, facts: Facts): GuardrailSubject {
  return {
    ...subjectOf(services, hand, facts),
    self: { tenantId: facts.identity.tenantId, appId: "", servicePrincipalId: "", roles: null },
    dependencies: [{ readAt: 1, lastUsedAt: -1e12, appProxy: false, createdAt: null }],
    protectingValues: [],
    keys: [],
    reachesOtherTenants: facts.kind === "home-multi-tenant" && hand.plan.steps.some(reachesOtherTenants),
  };
}

function withoutTenant(services: ReplayServices, hand: StageInHand, facts: Facts): GuardrailSubject {
  return {
    ...subjectOf(services, hand, facts),
    self: null,
    dependencies: [],
    protectingValues: services.policy.protected.attribute === undefined ? [] : null,
    keys: hand.stage === "contain" ? [] : undefined,
    reachesOtherTenants: hand.plan.steps.some(reachesOtherTenants),
  };
}

type FromTenant = "self" | "dependencies" | "protectingValues" | "keys" | "reachesOtherTenants";

/** No kill switch, no breaker and nothing protected at run time: people set those, and a replay meets none. */
function subjectOf(
  { policy, clock }: ReplayServices,
  { plan, stage, findings, burst }: StageInHand,
  facts: Facts,
): Omit<GuardrailSubject, FromTenant> {
  const now = clock.now();
  const steps = stepsOf(plan, stage).flatMap(({ step }) => (mayRun(step, facts.kind) ? [step] : []));
  return {
    now,
    playbook: plan.playbook,
    askedMode: plan.mode ?? null,
    stage,
    begun: false,
    steps,
    facts,
    findings: findings.map((finding) => weighFinding({ finding, evidence: evidenceOf(finding), facts, policy, now })),
    plannedFor: plan.findingIds,
    policy,
    killSwitch: null,
    modeOverride: null,
    silent: false,
    agents: [],
    standing: null,
    // no record tells of disuse, so that a replay never retires anything
    otherBusiness: null,
    signOfLifeAt: null,
    breaker: null,
    burst,
    protections: { never: [], ask: [] },
    missingPermissions: [],
    irreversible: steps.some((step) => actionOf(step.action).impact(facts.kind) === "irreversible"),
    reservation: null,
  };
}

const borneOutCategories: ReadonlySet<string> = new Set([
  "AuditLogs",
  "RiskyServicePrincipals",
  "ServicePrincipalRiskEvents",
]);

/** The export is Entra's own copy of audit and risk records; sign-ins, and what is said of agents, bear nothing out. */
function evidenceOf({ warrant }: Finding): Evidence {
  return { borneOut: borneOutCategories.has(warrant.category), withdrawn: false, at: warrant.activityAt, risk: null };
}
