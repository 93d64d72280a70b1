/** The application's registration asks for application permissions over the tenant; nobody has granted them yet. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { appRoleWorth, isTenantApi } from "./data/permissions.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample, exampleApplicationId } from "./support/examples.ts";

const graph = "00000003-0000-0000-c000-000000000000";
const roleManagement = { resourceAppId: graph, id: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", application: true };
const everyMailbox = {
  resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
  id: "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
  application: true,
};
const userRead = { resourceAppId: graph, id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", application: false };

function example(...added: EventOf<"permissions-requested">["added"]): EventOf<"permissions-requested"> {
  return auditExample("permissions-requested", { objectId: exampleApplicationId, added });
}

export const permissionsRequested = defineDetection({
  id: "permissions-requested",
  title: "The application asks for permissions over the whole tenant",
  severity: "low",
  attack: ["T1098.003"],
  patterns: ["B4"],
  guide: {
    why: "The request is prepared first, then an administrator is talked into consenting, or a stolen administrator's session does it. It comes before the grant, and is all there is to see if the grant never comes.",
    check:
      "Who changed the registration, whether a consent or a grant followed, and whether the application needs that at all.",
    falsePositives: "Developers who ask for more than they need, and get less. Every new administration tool.",
    tune: "detections.permissions-requested; observe, since nothing was granted yet. The grant itself is found apart.",
  },
  on: ["permissions-requested"],
  ceiling: "observe",
  evaluate,
  examples: {
    match: [example(roleManagement), example(userRead, everyMailbox)],
    ignore: [
      example(userRead),
      // the delegated twin, bounded by what the user may do
      example({ ...roleManagement, application: false }),
      // an API of somebody's own
      example({ ...roleManagement, resourceAppId: "c5393580-f805-4401-95e8-94b7a6ef2fc2" }),
      example(),
    ],
  },
});

function evaluate(event: EventOf<"permissions-requested">): Match | null {
  const added = event.added.filter(
    ({ application, id, resourceAppId }) =>
      application && isTenantApi(resourceAppId) && appRoleWorth(id) === "tier-zero",
  );
  if (added.length === 0) return null;
  return {
    title: "The application asks for permissions over the whole tenant",
    dedupeBy: actOf(event, event.objectId),
    details: { about: "permissions-requested", added },
  };
}
