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
  guide: {
    why: "Rights given to a group show on no member: a service principal that joins has them at once, directory roles of the group included.",
    check:
      "What the group may do: directory roles, Azure roles, application assignments, exclusions from Conditional Access.",
    falsePositives: "Groups are the usual way to give access to managed identities and pipelines.",
    tune: "detections.group-joined: raise it to approve where service principals hardly ever join groups. The record does not say what the group may do.",
  },
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
