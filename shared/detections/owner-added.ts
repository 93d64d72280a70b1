/** An owner may add credentials, enable again what was deactivated, and stays when passwords are changed. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { isAtCreation } from "./support/creation.ts";
import { auditExample, exampleAt, exampleUser, exampleWorkload } from "./support/examples.ts";

const objectId = "8d8d96a4-edb4-495c-a412-6e72c7e21084";
const created = "452bc3f0-87e1-4013-8e7e-438a57f0c49b";
const creator = exampleUser.id ?? "";
const someoneElse = "a8f07d8b-ff33-46e1-9632-bec8ffb69d76";

function example(change: Partial<EventOf<"owner-added">>): EventOf<"owner-added"> {
  const said = { object: "application", objectId, ownerId: someoneElse } as const;
  return auditExample("owner-added", said, change);
}

export const ownerAdded = defineDetection({
  id: "owner-added",
  title: "An owner was added to the application",
  severity: "medium",
  attack: ["T1098"],
  patterns: ["B8"],
  guide: {
    why: "An owner may add credentials, and no administrator role shows it. Ownership outlives a changed password of everybody else.",
    check:
      "Whether the new owner works on the application, and who added them. An owner who added themselves, or a workload as owner, is rarer.",
    falsePositives: "Teams change. Whoever creates an object owns it from then on, which is not found.",
    tune: "detections.owner-added: raise it to approve where owners are managed by one team.",
  },
  on: ["owner-added"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      example({}),
      example({ actor: exampleWorkload, object: "servicePrincipal" }),
      // took ownership of what was there already
      example({ ownerId: creator }),
      // of a new object, but for somebody else
      example({ objectId: created }),
    ],
    ignore: [example({ objectId: created, ownerId: creator })],
    facts: { createdAt: (id) => (id === created ? exampleAt - 400 : null) },
  },
});

function evaluate(event: EventOf<"owner-added">, facts: DetectionFacts): Match | null {
  const { object, objectId: owned, ownerId, actor } = event;
  const byOwner = actor.id === ownerId;
  // whoever creates an object is made its owner in the same moment
  if (byOwner && owned !== null && isAtCreation(event, owned, facts)) return null;
  return {
    title: byOwner
      ? "Somebody became an owner by their own hand"
      : `An owner was added to the ${object === "application" ? "application" : "service principal"}`,
    dedupeBy: actOf(event, owned, ownerId),
    details: { about: "owner-added", object, objectId: owned, ownerId },
  };
}
