/** A service principal was made a member of a group: what the group may do, directory roles included, it may do now. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample, exampleWorkload } from "./support/examples.ts";

const groupId = "3b3bf2cd-049a-4f35-9e63-dc2a0a830807";
const platform = { ...exampleWorkload, id: null };
const example = (change: Partial<EventOf<"group-joined">>) => auditExample("group-joined", { groupId }, change);

export const groupJoined = defineDetection({
  id: "group-joined",
  title: "The service principal was made a member of a group",
  severity: "low",
  attack: ["T1098"],
  patterns: ["B6"],
  on: ["group-joined"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [example({}), example({ actor: exampleWorkload }), example({ actor: platform })],
    // who is in the group, and what it may do, no record tells: none is certain to be harmless
    ignore: [],
  },
});

function evaluate(event: EventOf<"group-joined">): Match | null {
  return {
    title: "The service principal was made a member of a group",
    dedupeBy: actOf(event, event.groupId),
    details: { about: "group-joined", groupId: event.groupId },
  };
}
