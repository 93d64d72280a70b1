/** What the blast radius holds back, as frozen lists that people approve at once. */
import { cutPage } from "../../shared/api/cut-page.ts";
import { approveApprovalGroup, getApprovalGroup, listApprovalGroups } from "../../shared/api/decisions.ts";
import { signatureOf } from "../../shared/domain/caller.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { approvalsSoFar } from "../../shared/engine/people/decisions/approvals-so-far.ts";
import { refuseWorkload } from "../../shared/engine/people/decisions/decide-as-caller.ts";
import { approveGroup, findGroup, freezeGroup, listGroups } from "../../shared/engine/people/decisions/groups.ts";
import { findPlan } from "../../shared/engine/people/find-plan.ts";
import { type Operation, operation } from "./handler.ts";

export const groupOperations: readonly Operation[] = [
  operation(listApprovalGroups, async ({ services, query }) => {
    const waiting = await freezeGroup(services);
    const { items, nextCursor } = cutPage(await listGroups(services), query, ({ madeAt, id }) => [madeAt, id]);
    const shown = items.map(({ id, madeAt, members }) => ({
      id,
      madeAt,
      plans: members.length,
      waits: id === waiting?.id,
    }));
    return { body: { items: shown, nextCursor } };
  }),
  operation(getApprovalGroup, async ({ services, params }) => {
    const { id, madeAt, members } = await findGroup(services, params.id);
    return { body: { id, madeAt, members } };
  }),
  operation(approveApprovalGroup, async ({ services, caller, params, body }) => {
    refuseWorkload(services.policy, caller);
    const group = await findGroup(services, params.id);
    const word = { by: signatureOf(caller), roles: caller.roles, reason: body.reason };
    const { approved, skipped } = await approveGroup(services, group, word);
    const one = group.members.find(({ planId }) => approved.includes(planId));
    if (one === undefined) {
      const message = `nothing of group ${group.id} could be approved: ${skipped[0]?.why ?? "it is empty"}`;
      throw new TerminalError(message, { code: "nothing-approved" });
    }
    // all of them were given the same words
    const { people, approvedBy } = await approvalsSoFar(services, await findPlan(services, one.planId), one.stage);
    const missing = Math.max(0, people - approvedBy.length);
    return { body: { approved: [...approved], skipped: [...skipped], people, approvedBy: [...approvedBy], missing } };
  }),
];
