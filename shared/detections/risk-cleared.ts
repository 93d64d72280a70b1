/** Entra, or somebody, says that the risk is over. Who said so decides what that is worth, and that is for the incident to weigh. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { auditExample, detectionExample, exampleWorkload, riskyExample } from "./support/examples.ts";
import { folded, isCleared } from "./support/risk.ts";

const judged = (change: Partial<EventOf<"risk-judged">>) =>
  auditExample("risk-judged", { judgement: "dismissed" }, change);

export const riskCleared = defineDetection({
  id: "risk-cleared",
  title: "The risk of the service principal was cleared",
  severity: "informational",
  attack: ["T1562"],
  patterns: ["D4"],
  guide: {
    why: "A dismissed risk ends the alarm. An attacker who may dismiss risks silences what would have stopped them, so a workload's dismissal, or one by an actor of the incident, closes nothing.",
    check: "Who dismissed it, and why. Without a person's name behind it, treat the risk as standing.",
    falsePositives: "None: it is what administrators do after an investigation.",
    tune: "detections.risk-cleared never does more than observe.",
  },
  on: ["risky-service-principal-updated", "risk-detected", "risk-judged"],
  ceiling: "observe",
  evaluate,
  examples: {
    match: [
      riskyExample({ riskState: "dismissed", riskDetail: "adminDismissedAllRiskForServicePrincipal" }),
      riskyExample({ riskState: "Remediated" }),
      detectionExample({ riskState: "confirmedSafe" }),
      judged({}),
      judged({ actor: exampleWorkload }),
    ],
    ignore: [
      riskyExample({}),
      // no licence to see it: unknown is not none
      riskyExample({ riskState: "hidden", riskLevel: "hidden", riskDetail: "hidden" }),
      riskyExample({ riskState: "none", riskLevel: "none" }),
      detectionExample({ riskState: "unknownFutureValue" }),
      judged({ judgement: "confirmed" }),
    ],
  },
});

function evaluate(event: EventOf<"risky-service-principal-updated" | "risk-detected" | "risk-judged">): Match | null {
  const title = "The risk of the service principal was cleared";
  if (event.type === "risk-judged") {
    if (event.judgement !== "dismissed") return null;
    // as Identity Protection writes it after that act
    const said = { riskState: "dismissed", riskDetail: "adminDismissedAllRiskForServicePrincipal" };
    return { title, dedupeBy: event.recordId, details: { about: "risk-cleared", ...said, by: event.actor.kind } };
  }
  const { riskState, riskDetail, recordId, occurredAt } = event;
  if (!isCleared(riskState)) return null;
  // the summary record of an identity keeps its id, and may be cleared again after another risk
  const dedupeBy = [recordId, folded(riskState), occurredAt].join(",");
  return { title, dedupeBy, details: { about: "risk-cleared", riskState, riskDetail, by: null } };
}
