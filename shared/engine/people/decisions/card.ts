/** What a person is asked to decide: what the stage would change, as it would be sent now, and what follows from that. */

import type { ApprovalCard } from "../../../domain/card.ts";
import { isoAt } from "../../../ports/clock.ts";
import { evidenceFor } from "../../incident/plan-findings.ts";
import type { StageContext } from "../../judge/stage-context.ts";
import { stepsOf } from "../../rows/plans.ts";
import type { Facts } from "../../snapshot/read-facts.ts";
import { foresee } from "./preview.ts";

interface Proposed {
  readonly action: string;
  readonly reason: string;
  /** the first of them; `count` says how many there are */
  readonly requests: readonly string[];
  readonly count: number;
  /** ids of what would go for good */
  readonly touches: readonly string[];
  /** why it cannot be said what it would send; null: nothing is in the way */
  readonly unforeseen: string | null;
}

const shown = 10;

/** Steps that would change something, or of which nobody can say; where there is none of either, all of them. */
export async function proposedIn({ writer, stored, stage }: StageContext, facts: Facts): Promise<readonly Proposed[]> {
  const self = await writer.services.tenant.whoAmI();
  const all = stepsOf(stored.plan, stage).map(({ step }) => {
    const { requests, touches, unforeseen } = foresee(step, facts, self);
    const { action, reason } = step;
    return { action, reason, requests: requests.slice(0, shown), count: requests.length, touches, unforeseen };
  });
  const changing = all.filter(({ count, unforeseen }) => count > 0 || unforeseen !== null);
  return changing.length > 0 ? changing : all;
}

/** What follows from several steps alike (it stands after their own reason) is said once. */
export function sayProposed(proposed: readonly Proposed[]): string {
  const parts = proposed.map(({ action, count, reason, unforeseen }) => {
    const [own = "", ...follows] = reason.split("; ");
    return { said: `${action}${count > 1 ? ` ×${count}` : ""} (${unforeseen ?? own})`, follows };
  });
  const follows = new Set(parts.flatMap((part) => part.follows));
  return [parts.map(({ said }) => said).join(", "), ...follows].join("; ");
}

/** What the question adds to the facts. */
type Asked = Pick<ApprovalCard, "reasons" | "people" | "approvedBy" | "expiresAt" | "onSilence">;

/** All that people are shown before they decide; last use from the newest reading of the dependency cache, which says how old it is. */
export async function approvalCard(
  context: StageContext,
  facts: Facts,
  proposed: readonly Proposed[],
  asked: Asked,
): Promise<ApprovalCard> {
  const { stored, stage, writer } = context;
  const { identity, servicePrincipal, application } = facts;
  const { tenantId, appId } = identity;
  const [reading] = appId === null ? [] : await writer.services.stores.dependencies.readings(tenantId, appId);
  return {
    ...asked,
    planId: stored.plan.id,
    planHash: stored.hash,
    stage,
    playbook: stored.plan.playbook,
    identity: {
      objectId: identity.servicePrincipalId ?? identity.applicationObjectId,
      appId,
      kind: facts.kind,
      ownerTenantId: servicePrincipal?.appOwnerOrganizationId ?? null,
      createdAt: application?.createdDateTime ?? isoOrNull(reading?.createdAt),
      claimedName: servicePrincipal?.displayName ?? application?.displayName ?? null,
    },
    stops: {
      users: facts.assignedUsers,
      clientApplications: facts.clientApplications,
      delegatedGrants: facts.delegatedGrants,
      lastUsedAt: isoOrNull(reading?.lastUsedAt),
      readAt: isoOrNull(reading?.readAt),
    },
    evidence: evidenceOf(context),
    requests: proposed.flatMap(({ requests }) => requests).slice(0, shown),
    requestCount: proposed.reduce((sum, { count }) => sum + count, 0),
  };
}

function isoOrNull(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : isoAt(at);
}

/** Whatever is weighed for the plan, not only what it was made for. */
function evidenceOf({ partition, stored }: StageContext): ApprovalCard["evidence"] {
  return evidenceFor(partition, stored.plan)
    .slice(0, shown)
    .map(({ detection, title, warrant: { recordId, activityAt, category } }) => ({
      detection,
      title,
      recordId,
      at: activityAt,
      category,
    }));
}
