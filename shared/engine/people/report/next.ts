/** What stopped with it, how that is taken back, what never comes back, and what the next person does. */
import type { IdentityKind } from "../../../domain/identity.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { StageContext } from "../../judge/stage-context.ts";
import { stageRow, stagesOf } from "../../rows/plans.ts";
import type { Facts } from "../../snapshot/read-facts.ts";
import { type StepReport, wrote } from "./steps.ts";

/** Sentence 4. */
export function whatStopped(context: StageContext, facts: Facts, steps: readonly StepReport[]): string {
  const { plan } = context.stored;
  const lost = steps.flatMap((step) => step.lost);
  const never =
    lost.length === 0 ? "there is nothing that could not come back" : `this never comes back: ${lost.join("; ")}`;
  if (!steps.some(({ outcome }) => outcome === "applied"))
    return "4. We changed nothing, so there is nothing of ours to undo.";
  const undo = `one operator undoes it with \`npm run tq -- runs revert ${plan.id} --reason TEXT\`; ${never}.`;
  if (!wrote(steps, "contain"))
    return `4. We did not disable it; what used the removed credentials or privileges stops; ${undo}`;
  const users = facts.assignedUsers ?? "an unknown number of";
  const clients = facts.clientApplications ?? "an unknown number of";
  const grants = facts.delegatedGrants ?? "an unknown number of";
  return `4. Because of this ${users} users and groups and ${clients} client applications cannot get tokens for it, and it can act under none of its ${grants} delegated grants; ${undo}`;
}

const nextOf: Partial<Record<IdentityKind, string>> = {
  "home-multi-tenant": "tell the tenants that use it",
  foreign: "tell the tenant that owns it and the users who consented",
  "managed-identity": "detach it from its host resource, or redeploy that with another identity",
  "microsoft-first-party": "find out who could write to it, since nobody should",
  agent:
    "decide on its blueprint, and let the identity team decide on its agent user (the user whose identityParentId is the agent's object id)",
  "agent-blueprint": "decide on each of its agents and their users",
};

/** Its credentials are another tenant's affair, the platform's, or nobody's at all. */
const withoutOwnCredentials: ReadonlySet<IdentityKind> = new Set([
  "foreign",
  "managed-identity",
  "microsoft-first-party",
  "agent",
]);

/** Sentence 5. */
export function whatComesNext({ partition, stored, writer }: StageContext, { kind, managedIdentity }: Facts): string {
  const wait = stagesOf(stored.plan)
    .map((name) => stageRow(partition, stored.plan.id, name))
    .find(({ status }) => status === "waiting");
  const { quietHours } = writer.services.policy.incident;
  const quietAt = isoAt(writer.services.clock.now() + quietHours * 3600_000);
  const rotate = withoutOwnCredentials.has(kind) ? "" : "rotate the leaked credential where it is used, ";
  const special = nextOf[kind];
  const host = managedIdentity?.resourceId == null ? "" : ` (${JSON.stringify(managedIdentity.resourceId)})`;
  const also = special === undefined ? "" : `${special}${host}, `;
  const again = writer.services.policy.detections["containment-undone"]?.max === "enforce";
  const then = again
    ? "we contain it once more, if a workload or an actor of the incident did that, and else we ask"
    : "we report it and ask";
  return (
    `5. The next person is the on-call by ${wait?.expiresAt ?? quietAt}: ${rotate}${also}review what the identity did and who owns it, ` +
    `decide the open stages; the incident closes ${quietHours} hours after the last stage has ended, if nothing new comes; if someone re-enables it, ${then}.`
  );
}
