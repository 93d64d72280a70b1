/** An owner was taken from an application or service principal: one person less who would notice, and could repair it. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample, exampleApplicationId, exampleUser, exampleWorkload } from "./support/examples.ts";

function example(change: Partial<EventOf<"owner-removed">>): EventOf<"owner-removed"> {
  const ownerId = "a8f07d8b-ff33-46e1-9632-bec8ffb69d76";
  return auditExample("owner-removed", { object: "application", objectId: exampleApplicationId, ownerId }, change);
}

export const ownerRemoved = defineDetection({
  id: "owner-removed",
  title: "An owner was removed from the application",
  severity: "low",
  attack: ["T1531"],
  patterns: ["C14"],
  guide: {
    why: "Owners are asked when something is odd, and can take a credential away again. An attacker who owns the application too removes the others.",
    check: "Who is owner now, and whether somebody was added shortly before. Ask the one who was removed.",
    falsePositives: "People who leave or change teams.",
    tune: "detections.owner-removed stays at observe: read it beside what else happened to the application.",
  },
  on: ["owner-removed"],
  ceiling: "observe",
  evaluate,
  examples: {
    match: [example({}), example({ actor: exampleWorkload, object: "servicePrincipal" }), example({ ownerId: null })],
    // an owner who leaves by their own hand takes nobody's view away
    ignore: [example({ ownerId: exampleUser.id })],
  },
});

function evaluate(event: EventOf<"owner-removed">): Match | null {
  const { object, objectId, ownerId, actor } = event;
  if (ownerId !== null && ownerId === actor.id) return null;
  return {
    title: `An owner was removed from the ${object === "application" ? "application" : "service principal"}`,
    dedupeBy: actOf(event, objectId, ownerId),
    details: { about: "owner-removed", object, objectId, ownerId },
  };
}
