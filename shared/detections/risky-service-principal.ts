/** Identity Protection counts a service principal as at risk. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { riskyExample } from "./support/examples.ts";
import { folded, riskSeverity } from "./support/risk.ts";

export const riskyServicePrincipal = defineDetection({
  id: "risky-service-principal",
  title: "Entra counts the service principal as at risk",
  severity: "high",
  attack: ["T1078.004"],
  patterns: ["D1", "D3"],
  on: ["risky-service-principal-updated"],
  ceiling: "enforce",
  evaluate,
  examples: {
    match: [
      riskyExample({}),
      riskyExample({ riskLevel: "hidden", riskDetail: "hidden" }),
      riskyExample({ riskState: "confirmedCompromised", riskLevel: "none" }),
      // while Entra is still working on it the state counts already; the update that follows is the same finding
      riskyExample({ isProcessing: true }),
    ],
    ignore: [
      riskyExample({ riskState: "dismissed" }),
      riskyExample({ riskState: "remediated" }),
      riskyExample({ riskState: "confirmedSafe" }),
      riskyExample({ riskState: "none", riskLevel: "none" }),
      riskyExample({ riskLevel: "none" }),
    ],
  },
});

function evaluate(event: EventOf<"risky-service-principal-updated">): Match | null {
  const { riskState, riskLevel, riskDetail } = event;
  const confirmed = folded(riskState) === "confirmedcompromised";
  const atRisk = folded(riskState) === "atrisk" && folded(riskLevel) !== "none";
  if (!confirmed && !atRisk) return null;
  return {
    title: confirmed
      ? "An administrator confirmed the service principal compromised"
      : "Entra counts the service principal as at risk",
    severity: riskSeverity(riskState, riskLevel),
    // no time: a later update that says the same is the same finding
    dedupeBy: [event.recordId, folded(riskLevel), folded(riskState)].join(","),
    details: { about: "risk", riskEventType: null, riskLevel, riskState, riskDetail, keyIds: [] },
  };
}
