/** Calling a plan off, taking back what it did, dismissing an incident. */
import { cancelRun, dismissIncident as dismissRoute, revertRun } from "../../shared/api/stops.ts";
import { signatureOf } from "../../shared/domain/caller.ts";
import { findPlan } from "../../shared/engine/people/find-plan.ts";
import { cancelPlan } from "../../shared/engine/people/requests/cancel-by-person.ts";
import { dismissIncident } from "../../shared/engine/people/requests/dismiss-by-person.ts";
import { previewUndo, requestUndo } from "../../shared/engine/undo/undo-by-person.ts";
import { type Operation, operation } from "./handler.ts";

export const stopOperations: readonly Operation[] = [
  operation(cancelRun, async ({ services, caller, params, body }) => {
    const found = await findPlan(services, params.id);
    const { cancellation, stages } = await cancelPlan(services, found, {
      by: signatureOf(caller),
      reason: body.reason,
    });
    const { planId, by, at } = cancellation;
    return { body: { planId, by, at, stages } };
  }),
  operation(revertRun, async ({ services, caller, params, body }) => {
    const found = await findPlan(services, params.id);
    const { reason, step = null, dryRun } = body;
    if (dryRun) {
      const { planId: _, ...scope } = await previewUndo(services, found, step);
      return { body: { planId: null, ...scope } };
    }
    const word = { by: signatureOf(caller), roles: caller.roles, reason };
    const { planId, undoes } = await requestUndo(services, found, word, step);
    return { body: { ...undoes, planId } };
  }),
  operation(dismissRoute, async ({ services, caller, params, body }) => {
    const word = { by: signatureOf(caller), roles: caller.roles, reason: body.reason };
    const { incident, cancelled, stays } = await dismissIncident(services, params.id, word);
    const named = stays.map((one) => ({ ...one, revert: `/runs/${one.planId}/revert` }));
    return { body: { incidentId: incident.id, closedAt: incident.closedAt, cancelled, stays: named } };
  }),
];
