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
  guide: {
    why: "Microsoft sees sign-ins and leaked credentials of all tenants, and this is its summary for one identity.",
    check:
      "The detections behind it, which name the kind of risk and the credential. Confirmed compromised means that a person decided already.",
    falsePositives: "Changes of network and of use that were planned; backup and inventory tools.",
    tune: "detections.risky-service-principal and riskLevels. The summary names no kind of risk, so approve is as far as it should go unless the detections are missing.",
  },
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
