/** An owner may add credentials, enable again what was deactivated, and stays when passwords are changed. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample, exampleUser, exampleWorkload } from "./support/examples.ts";

const objectId = "8d8d96a4-edb4-495c-a412-6e72c7e21084";
const created = "452bc3f0-87e1-4013-8e7e-438a57f0c49b";
const creator = exampleUser.id ?? "";
const someoneElse = "a8f07d8b-ff33-46e1-9632-bec8ffb69d76";
const exampleAt = Date.parse("2026-03-02T09:41:00.000Z");

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

/** Whoever creates an object is made its owner in the same moment. */
const creationMs = 60_000;

function evaluate(event: EventOf<"owner-added">, facts: DetectionFacts): Match | null {
  const { object, objectId: owned, ownerId, actor } = event;
  const byOwner = actor.id === ownerId;
  const createdAt = facts.createdAt?.(owned) ?? null;
  const isNew = createdAt !== null && Math.abs(Date.parse(event.occurredAt) - createdAt) < creationMs;
  if (byOwner && isNew) return null;
  return {
    title: byOwner ? "Somebody became an owner by their own hand" : "An owner was added to the application",
    dedupeBy: actOf(event, owned, ownerId),
    details: { about: "owner-added", object, objectId: owned, ownerId },
  };
}
