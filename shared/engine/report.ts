/** The five sentences a report after containment must contain: what was done and why, what still works, what is still open. */
import type { Finding } from "../domain/finding.ts";
import type { Verification } from "../domain/outcome.ts";
import { hasEnded, type StageName } from "../domain/plan.ts";
import { isoAt } from "../ports/clock.ts";
import { readAll } from "./partition.ts";
import { stageRow, stagesOf, stepRow, stepsOf } from "./plans.ts";
import type { Facts } from "./read-facts.ts";
import { afterDisable, afterRemoval, type ResidualAccess } from "./residual-access.ts";
import { FindingRow } from "./rows.ts";
import type { StageContext } from "./stage-context.ts";

export interface Report {
  readonly sentences: readonly string[];
  readonly residual: readonly ResidualAccess[];
}

const notExamined =
  "certificates (read when the eradicate stage begins), Key Vault access, Exchange RBAC for Applications, Sites.Selected, database and DevOps access, federated credentials, " +
  "directory roles, app role assignments, Azure role assignments, and the users and objects it created";

/** `verification`: as it is about to be written. */
export function reportOn(context: StageContext, facts: Facts, verification: Verification): Report {
  const { partition, stored, stage } = context;
  const at = verification.appliedAt;
  const residual = stage === "contain" ? afterDisable(facts.kind, Date.parse(at)) : afterRemoval(Date.parse(at));
  const evidence = readAll(partition, "finding|", FindingRow)
    .map(({ value }) => value.finding)
    .filter((finding) => stored.plan.findingIds.includes(finding.id));
  return {
    sentences: [
      whatWasDone(context, facts, evidence, verification),
      whatStillWorks(facts, residual),
      whatIsOpen(context, facts, evidence),
      whatStopped(context, facts),
      whatComesNext(context),
    ],
    residual,
  };
}

/** Sentence 1. Ids first; the name as claimed, quoted and last. */
function whatWasDone(
  context: StageContext,
  facts: Facts,
  evidence: readonly Finding[],
  verification: Verification,
): string {
  const { stored, stage, partition } = context;
  const { decidedBy } = stageRow(partition, stored.plan.id, stage);
  const { identity, servicePrincipal } = facts;
  const owner = servicePrincipal?.appOwnerOrganizationId ?? "unknown";
  const name = JSON.stringify(servicePrincipal?.displayName ?? "");
  const because = evidence
    .map(({ warrant }) => `${warrant.recordId} of ${warrant.activityAt} from ${warrant.category}`)
    .join(", ");
  const ids = stepsOf(stored.plan, stage).flatMap(
    ({ index }) => stepRow(partition, stored.plan.id, index).outcome?.requestIds ?? [],
  );
  const wrote = wroteIn(context, stage);
  const did = stage === "contain" ? (wrote ? "we disabled" : "we found disabled, by somebody else,") : removedBy(wrote);
  const done = `At ${verification.appliedAt} ${did} the ${facts.kind} service principal ${identity.servicePrincipalId} (appId ${identity.appId}, owner tenant ${owner}, named ${name})`;
  return `1. ${done} because of ${because}, and this is ${howVerified(verification)} (request ids ${ids.join(", ") || "none"}; decided by ${decidedBy ?? "rule"}).`;
}

function removedBy(wrote: boolean): string {
  return wrote
    ? "we removed the credentials that the plan names from"
    : "we found none of the credentials that the plan names on";
}

/** Did a step of the stage change anything, or was it all so before we came? */
function wroteIn({ partition, stored }: StageContext, stage: StageName): boolean {
  const rows = stepsOf(stored.plan, stage).map(({ index }) => stepRow(partition, stored.plan.id, index));
  return rows.some(({ outcome }) => outcome?.status === "applied");
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
function whatStillWorks({ kind }: Facts, residual: readonly ResidualAccess[]): string {
  const places = residual.map(({ where, until, why }) => `${until} on ${where} (${why})`).join("; ");
  const elsewhere = kind === "home-multi-tenant" ? "unaffected by what we did" : "not applicable";
  return `2. Tokens issued before then were not revoked by us and may work until ${places}; in other tenants this identity is ${elsewhere}.`;
}

/** Sentence 3. */
function whatIsOpen({ partition, stored }: StageContext, facts: Facts, evidence: readonly Finding[]): string {
  const passwords = [
    ...(facts.servicePrincipal?.passwordCredentials ?? []).map(
      ({ keyId }) => `secret ${keyId} on the service principal`,
    ),
    ...(facts.application?.passwordCredentials ?? []).map(({ keyId }) => `secret ${keyId} on the application`),
  ];
  const waiting = stagesOf(stored.plan).flatMap((name) => {
    const { status } = stageRow(partition, stored.plan.id, name);
    return hasEnded(status) ? [] : [`${name} (${status === "waiting" ? "awaiting-approval" : status})`];
  });
  const since = evidence.map(({ warrant }) => warrant.activityAt).sort()[0] ?? "unknown";
  return (
    `3. These ways back in are still open: ${passwords.join(", ") || "none among those examined"}; ` +
    `awaiting a decision: ${waiting.join(", ") || "nothing"}; we did not examine ${notExamined}; ` +
    `first suspicion was at ${since}, and what the identity created or changed since then was not listed.`
  );
}

/** Sentence 4. */
function whatStopped(context: StageContext, { assignedUsers, clientApplications }: Facts): string {
  const { plan } = context.stored;
  if (!wroteIn(context, "contain")) {
    return "4. We did not disable it, so there is no disable of ours to undo, and removed secret values can never be restored: what used them needs new ones.";
  }
  const users = assignedUsers ?? "an unknown number of";
  const clients = clientApplications ?? "an unknown number of";
  return (
    `4. Because of this ${users} users and groups and ${clients} client applications cannot get tokens; one operator undoes ` +
    `the disable with \`npm run tq -- runs revert ${plan.id} --as NAME --reason TEXT\`, which restores sign-in and can never restore removed secret values.`
  );
}

/** Sentence 5. */
function whatComesNext({ partition, stored, writer }: StageContext): string {
  const wait = stagesOf(stored.plan)
    .map((name) => stageRow(partition, stored.plan.id, name))
    .find(({ status }) => status === "waiting");
  const { quietHours } = writer.services.policy.incident;
  const quietAt = isoAt(writer.services.clock.now() + quietHours * 3600_000);
  const by = wait?.expiresAt ?? quietAt;
  return (
    `5. The next person is the on-call by ${by}: rotate the leaked credential where it is used, review what the identity did, ` +
    `decide the open stages; the incident closes ${quietHours} hours after the last stage has ended, if nothing new comes; if someone re-enables it we will do nothing by ourselves, and only a new risk of Entra tells us.`
  );
}
