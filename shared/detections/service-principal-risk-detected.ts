/** Identity Protection raised one risk detection on a service principal. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { detectionExample } from "./support/examples.ts";
import { folded, isCleared, riskSeverity } from "./support/risk.ts";

export const servicePrincipalRiskDetected = defineDetection({
  id: "service-principal-risk-detected",
  title: "Entra detected a risk on the service principal",
  severity: "high",
  attack: ["T1078.004"],
  patterns: ["D2", "D3"],
  guide: {
    why: "Leaked credentials, sign-ins from odd places, a pattern of use that fits an attacker: Microsoft names the kind, often the credential.",
    check:
      "The kind and the credential it names: whether that key is still valid, and where it was used. Leaked credentials are mostly in a public repository.",
    falsePositives:
      "By kind: suspicious sign-ins come after planned changes too, suspicious API traffic from backup and inventory tools.",
    tune: "riskEventTypes and riskLevels, beside detections.service-principal-risk-detected; the strictest line counts.",
  },
  on: ["risk-detected"],
  ceiling: "enforce",
  evaluate,
  examples: {
    match: [
      detectionExample({}),
      detectionExample({ riskEventType: "aTypeNotKnownYet", riskLevel: "hidden", riskDetail: "hidden" }),
      detectionExample({ riskState: "unknownFutureValue" }),
      detectionExample({ riskState: "hidden" }),
    ],
    ignore: [
      detectionExample({ riskState: "dismissed", riskDetail: "adminDismissedAllRiskForServicePrincipal" }),
      detectionExample({ riskState: "remediated" }),
      detectionExample({ riskState: "none" }),
    ],
  },
});

function evaluate(event: EventOf<"risk-detected">): Match | null {
  const { riskEventType, riskState, riskLevel, riskDetail, keyIds } = event;
  // a state that we do not know, or may not see, is unknown, not none
  if (isCleared(riskState) || folded(riskState) === "none") return null;
  return {
    title: `Entra detected ${riskEventType} on the service principal`,
    severity: riskSeverity(riskState, riskLevel),
    dedupeBy: event.recordId,
    details: { about: "risk", riskEventType, riskLevel, riskState, riskDetail, keyIds },
  };
}
