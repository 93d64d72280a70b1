/** A service principal came to be by a person's or a workload's hand, alone or in a burst. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import type { Tuning } from "../domain/policy.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { examplePlatform, exampleWorkload, existenceExample, onExampleApplication } from "./support/examples.ts";
import { isPlatformProvisioning } from "./support/platform.ts";

export const servicePrincipalCreated = defineDetection({
  id: "service-principal-created",
  title: "A service principal was created",
  severity: "informational",
  attack: ["T1136.003"],
  patterns: ["C8", "C9"],
  guide: {
    why: "A new identity is persistence that no user's password reset touches. Several within minutes are a script at work, hiding one among many or preparing a campaign.",
    check:
      "Whether the actor creates such things normally, and what the new ones were given: credentials, permissions, roles.",
    falsePositives:
      "Every new application, every managed identity, every product of Microsoft that somebody opens first; in bursts, deployment pipelines.",
    tune: "tuning.createdTogether says how many in how many minutes are a burst; detections.service-principal-created stays at observe.",
  },
  on: ["existence-changed"],
  ceiling: "observe",
  evaluate,
  examples: {
    match: [
      existenceExample({}),
      existenceExample({ actor: exampleWorkload }),
      // one of the two facts that make it the platform's doing, but not the other
      existenceExample({ actor: { ...examplePlatform, id: exampleWorkload.id } }),
      existenceExample({ actor: { ...examplePlatform, claimedName: "Deployment" } }),
    ],
    ignore: [
      existenceExample({ actor: examplePlatform }),
      existenceExample({ change: "deleted" }),
      existenceExample({ change: "restored" }),
      existenceExample(onExampleApplication),
    ],
  },
});

function evaluate(event: EventOf<"existence-changed">, facts: DetectionFacts): Match | null {
  const { object, objectId, change, actor, recordId } = event;
  if (object !== "servicePrincipal" || change !== "created" || isPlatformProvisioning(actor)) return null;
  const together = createdTogether(event, facts);
  const isBurst = together !== null && together >= facts.tuning.createdTogether.count;
  return {
    title: isBurst ? "A service principal was created, one of many in minutes" : "A service principal was created",
    ...(isBurst ? { severity: "medium" } : {}),
    dedupeBy: objectId ?? recordId,
    details: { about: "created", object, objectId, together },
  };
}

/** The most that the actor created within so many minutes which this moment is one of; null: the actor is not known. */
function createdTogether({ occurredAt }: EventOf<"existence-changed">, facts: DetectionFacts): number | null {
  const { actorBaseline, tuning } = facts;
  if (actorBaseline == null) return null;
  const at = Date.parse(occurredAt);
  const times = Object.values(actorBaseline.seen.created ?? {}).map(([first]) => first);
  const starts = times.filter((start) => start <= at && at - start <= windowMs(tuning));
  return Math.max(
    1,
    ...starts.map((start) => times.filter((time) => time >= start && time - start <= windowMs(tuning)).length),
  );
}

function windowMs({ createdTogether }: Tuning): number {
  return createdTogether.minutes * 60_000;
}
