/** Somebody enabled a service principal that we had disabled. What follows is for the policy, and for people, to say. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample, exampleWorkload } from "./support/examples.ts";

function example(change: Partial<EventOf<"account-switched">>): EventOf<"account-switched"> {
  return auditExample("account-switched", { enabled: true }, change);
}

export const containmentUndone = defineDetection({
  id: "containment-undone",
  title: "Somebody enabled the service principal that we had disabled",
  severity: "high",
  attack: ["T1098"],
  patterns: [],
  guide: {
    why: "An attacker who still owns the application, or holds an administrator, switches it on again and goes on.",
    check:
      "Who did it, and whether they knew of the containment: the incident says why it was disabled. If nobody did knowingly, contain again and look at the actor.",
    falsePositives: "An administrator who repairs an outage that our containment caused.",
    tune: "detections.containment-undone. Whatever it says, an administrator is asked and not fought: only a workload, or an actor of the incident, is contained again by itself, once in 30 days.",
  },
  on: ["account-switched"],
  ceiling: "enforce",
  evaluate,
  examples: {
    match: [example({}), example({ actor: exampleWorkload })],
    // disabled by somebody else; and enabled before we disabled it, though the record comes late
    ignore: [example({ enabled: false }), example({ occurredAt: "2026-03-02T09:29:59.999Z" })],
    facts: { containment: { planId: "plan-1", appliedAt: "2026-03-02T09:30:00.000Z" } },
  },
});

function evaluate(event: EventOf<"account-switched">, { containment }: DetectionFacts): Match | null {
  if (!event.enabled || containment == null) return null;
  const { planId, appliedAt } = containment;
  if (Date.parse(event.occurredAt) < Date.parse(appliedAt)) return null;
  return {
    title: "Somebody enabled the service principal that we had disabled",
    dedupeBy: actOf(event, planId),
    details: { about: "switched-on", by: event.actor.kind, planId, containedAt: appliedAt },
  };
}
