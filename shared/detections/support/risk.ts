/** How the risk words of Entra are read: open sets, any case, and unknown is never none. */
import type { Severity } from "../../domain/finding.ts";

/** Level or state to compare with; the event keeps it as written. */
export function folded(word: string): string {
  return word.toLowerCase();
}

/** `hidden` (no licence) and a level not known yet count as high: what we may not see is no reassurance. */
export function riskSeverity(riskState: string, riskLevel: string): Severity {
  if (folded(riskState) === "confirmedcompromised") return "critical";
  switch (folded(riskLevel)) {
    case "medium":
      return "medium";
    case "low":
    case "none":
      return "low";
    default:
      return "high";
  }
}

/** Over, by Entra's or somebody's word. */
export function isCleared(riskState: string): boolean {
  return ["dismissed", "remediated", "confirmedsafe"].includes(folded(riskState));
}
