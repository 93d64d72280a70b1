/** The five sentences a report after containment must contain: what was done and why, what still works, what is still open. */
import type { Finding } from "../../../domain/finding.ts";
import type { Verification } from "../../../domain/outcome.ts";
import { hasEnded } from "../../../domain/plan.ts";
import { type Related, relatedIncidents, sayRelated } from "../../incident/links.ts";
import { evidenceFor, findingsOf } from "../../incident/plan-findings.ts";
import type { StageContext } from "../../judge/stage-context.ts";
import { stageRow, stagesOf } from "../../rows/plans.ts";
import type { Facts } from "../../snapshot/read-facts.ts";
import { looksAtAll, notExamined } from "./examined.ts";
import { type LeftBehind, leftBehindBy, sayLeftBehind } from "./left-behind.ts";
import { whatComesNext, whatStopped } from "./next.ts";
import { type ResidualAccess, residualAccess } from "./residual-access.ts";
import { changesOf, type StepReport, stepReports, wrote } from "./steps.ts";

export interface Report {
  readonly sentences: readonly string[];
  readonly residual: readonly ResidualAccess[];
  readonly steps?: readonly StepReport[];
  readonly leftBehind?: LeftBehind | null;
  readonly related?: readonly Related[];
}

/** `verification`: as it is about to be written. Throws RetryableError when the table of changes cannot be read. */
export async function reportOn(context: StageContext, facts: Facts, verification: Verification): Promise<Report> {
  const { partition, stored } = context;
  const steps = stepReports(context);
  const residual = residualAccess(facts.kind, changesOf(steps));
  const evidence = evidenceFor(partition, stored.plan);
  const leftBehind = await leftBehindBy(context, facts, findingsOf(partition, stored.plan.incidentId));
  const related = await relatedIncidents(context.writer.services.stores, partition, stored.plan.incidentId);
  return {
    sentences: [
      whatWasDone(context, facts, steps, evidence, verification),
      whatStillWorks(facts, steps, residual),
      whatIsOpen(context, facts, steps, leftBehind),
      whatStopped(context, facts, steps),
      whatComesNext(context, facts),
      ...(related.length === 0 ? [] : [`Related: ${sayRelated(related)}.`]),
    ],
    residual,
    steps,
    leftBehind,
    related,
  };
}

/** Records named in one sentence: the gravest. */
const shown = 5;

/** Sentence 1. Ids first; the name as claimed, quoted and last. */
function whatWasDone(
  context: StageContext,
  facts: Facts,
  steps: readonly StepReport[],
  evidence: readonly Finding[],
  verification: Verification,
): string {
  const { stored, stage, partition } = context;
  const { decidedBy } = stageRow(partition, stored.plan.id, stage);
  const { identity, servicePrincipal } = facts;
  const owner = servicePrincipal?.appOwnerOrganizationId ?? "unknown";
  const name = JSON.stringify(servicePrincipal?.displayName ?? facts.application?.displayName ?? "");
  const records = evidence.map(
    ({ warrant }) => `${warrant.recordId} of ${warrant.activityAt} from ${warrant.category}`,
  );
  const more = records.length > shown ? [`${records.length - shown} more`] : [];
  const because = [...records.slice(0, shown), ...more].join(", ");
  const ids = steps.filter((step) => step.stage === stage).flatMap(({ requestIds }) => requestIds);
  const did = stage === "contain" ? disabled(wrote(steps, stage)) : removed(wrote(steps, stage));
  const who = `the ${facts.kind} identity with service principal ${identity.servicePrincipalId ?? "none here"} (appId ${identity.appId}, owner tenant ${owner}, named ${name})`;
  return `1. At ${verification.appliedAt} ${did} ${who} because of ${because}, and this is ${howVerified(verification)} (request ids ${ids.join(", ") || "none"}; decided by ${decidedBy ?? "rule"}).`;
}

function disabled(isOurs: boolean): string {
  return isOurs ? "we disabled" : "we found disabled, by somebody else,";
}

function removed(isOurs: boolean): string {
  return isOurs
    ? "we removed the credentials and privileges that the plan names from"
    : "we found nothing of what the plan names on";
}

function howVerified(verification: Verification): string {
  if (verification.state === "contradicted") return "contradicted by Graph";
  if (verification.state !== "verified") return "not yet verified";
  if (verification.refusedSignInAt !== null)
    return `verified by a refused sign-in 7000112 at ${verification.refusedSignInAt}`;
  const agreeing = verification.reads.filter(({ agrees }) => agrees);
  return `verified by two reads at ${agreeing.at(0)?.at} and ${agreeing.at(-1)?.at}`;
}

/** Sentence 2. */
function whatStillWorks({ kind }: Facts, steps: readonly StepReport[], residual: readonly ResidualAccess[]): string {
  const places = residual.map(({ where, until, why }) => `${until} on ${where} (${why})`).join("; ");
  return `2. Tokens issued before then were not revoked by us and may work until ${places}; in other tenants this identity is ${elsewhere(kind, steps)}.`;
}

function elsewhere(kind: Facts["kind"], steps: readonly StepReport[]): string {
  if (kind === "foreign") return "its owner's affair, and unaffected by what we did";
  if (kind !== "home-multi-tenant") return "not applicable";
  const isDeactivated = changesOf(steps).some(({ action }) => action === "deactivate-application");
  return isDeactivated
    ? "refused new tokens as well, because the application is deactivated; who uses it there is not visible to us"
    : "unaffected by what we did: a disable stops this tenant only, and customer tenants are not visible to us";
}

/** Sentence 3. */
function whatIsOpen(
  { partition, stored }: StageContext,
  facts: Facts,
  steps: readonly StepReport[],
  leftBehind: LeftBehind | null,
): string {
  const secrets = [
    ...(facts.servicePrincipal?.passwordCredentials ?? []).map(
      ({ keyId }) => `secret ${keyId} on the service principal`,
    ),
    ...(facts.application?.passwordCredentials ?? []).map(({ keyId }) => `secret ${keyId} on the application`),
  ];
  const failed = steps
    .filter(({ outcome }) => outcome === "failed")
    .map(({ action }) => `what ${action} was to remove`);
  // an agent has no credential of its own
  const shared = facts.kind === "agent" ? ["the credentials of its blueprint, with which it signs in"] : [];
  const open = [...secrets, ...shared, ...failed];
  const waiting = stagesOf(stored.plan).flatMap((name) => {
    const { status } = stageRow(partition, stored.plan.id, name);
    return hasEnded(status) ? [] : [`${name} (${status === "waiting" ? "awaiting-approval" : status})`];
  });
  const looksWhole = ({ action }: StepReport) =>
    stored.plan.steps.some((step) => step.action === action && looksAtAll(step.parameters));
  // of both objects they are in the very facts, and listed above
  const areListed = facts.servicePrincipal !== null && facts.application !== undefined;
  const missed = notExamined(steps, looksWhole).filter((what) => !areListed || !what.startsWith("client secrets"));
  return (
    `3. These ways back in are still open: ${open.join(", ") || "none among those examined"}; ` +
    `awaiting a decision: ${waiting.join(", ") || "nothing"}; we did not examine ${missed.join(", ")}; ` +
    `${sayLeftBehind(leftBehind)}.`
  );
}
