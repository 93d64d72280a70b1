/** An application or service principal was deleted: an outage, or an attacker's cleaning up. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { exampleWorkload, existenceExample, onExampleApplication } from "./support/examples.ts";

export const identityDeleted = defineDetection({
  id: "identity-deleted",
  title: "An application or service principal was deleted",
  severity: "low",
  attack: ["T1489", "T1070"],
  patterns: ["C14"],
  guide: {
    why: "Deleting stops whatever signs in with it at once, and takes the traces that an attacker left on it out of sight.",
    check:
      "Whether the actor's other acts of that hour fit. Within 30 days it can be restored, unless it was deleted for good.",
    falsePositives: "Tidying up, the end of a project, deployments that are torn down.",
    tune: "detections.identity-deleted stays at observe: there is nothing left to contain.",
  },
  on: ["existence-changed"],
  ceiling: "observe",
  evaluate,
  examples: {
    match: [
      existenceExample({ change: "deleted" }),
      existenceExample({ ...onExampleApplication, change: "deleted", hard: true, actor: exampleWorkload }),
    ],
    ignore: [existenceExample({ change: "created" }), existenceExample({ change: "restored" })],
  },
});

function evaluate(event: EventOf<"existence-changed">): Match | null {
  const { object, objectId, change, hard = false } = event;
  if (change !== "deleted") return null;
  const what = object === "application" ? "An application" : "A service principal";
  return {
    title: `${what} was deleted${hard ? " for good" : ""}`,
    dedupeBy: actOf(event, objectId, hard ? "hard" : "soft"),
    details: { about: "deleted", object, objectId, hard },
  };
}
