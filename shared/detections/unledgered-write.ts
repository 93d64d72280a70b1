/** Something was changed under our own id, and nothing that we planned explains it: somebody else holds our identity. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample, exampleApplicationId, exampleSubject, exampleWorkload } from "./support/examples.ts";

function example(change: Partial<EventOf<"own-write">>): EventOf<"own-write"> {
  const said = { activity: "add service principal credentials", objectIds: [exampleApplicationId], explained: false };
  const actor = { ...exampleWorkload, id: exampleSubject.servicePrincipalId };
  return auditExample("own-write", said, { actor, ...change });
}

export const unledgeredWrite = defineDetection({
  id: "unledgered-write",
  title: "Something was changed under our own identity that no plan explains",
  severity: "critical",
  attack: ["T1078.004"],
  patterns: [],
  guide: {
    why: "This app may disable identities and remove credentials. Whoever gets hold of its tokens or its host can do so too, and its changes look like ours.",
    check:
      "Throw the kill switch, and stop the function app. Then the record itself, the app's deployments and settings, and who may reach its host or its managed identity.",
    falsePositives:
      "A ledger that was lost or restored from a copy, and a second installation that runs under the same identity.",
    tune: "detections.unledgered-write: leave it. It tells people at once, and nothing acts on ourselves.",
  },
  on: ["own-write"],
  ceiling: "notify",
  evaluate,
  examples: { match: [example({}), example({ objectIds: [] })], ignore: [example({ explained: true })] },
});

function evaluate(event: EventOf<"own-write">): Match | null {
  const { activity, objectIds, explained } = event;
  if (explained) return null;
  return {
    title: "Something was changed under our own identity that no plan explains",
    dedupeBy: actOf(event, activity),
    details: { about: "unledgered-write", activity, objectIds },
  };
}
