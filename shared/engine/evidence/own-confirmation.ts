/** Our own `confirmCompromised` comes back as a detection and as a state: an echo, and never a warrant for us. */
import type { MatchDetails } from "../../domain/finding.ts";
import type { Partition } from "../rows/partition.ts";
import { plansOf, stepRow } from "../rows/plans.ts";

export const confirmedByAdmin = "adminConfirmedServicePrincipalCompromised";

/** The echo may carry a slightly earlier clock than ours. */
const skewMs = 60_000;
const echoMs = 24 * 3600_000;

/** Epoch ms at which a plan of the incident first meant to confirm; null: none did. */
export function ownConfirmationAt(partition: Partition, incidentId: string): number | null {
  const times = plansOf(partition, incidentId).flatMap((plan) =>
    plan.steps.flatMap((step, index) => {
      const { intendedAt } = stepRow(partition, plan.id, index);
      return step.action === "confirm-compromised" && intendedAt !== null ? [Date.parse(intendedAt)] : [];
    }),
  );
  return times.length === 0 ? null : Math.min(...times);
}

type RiskWords = Pick<Extract<MatchDetails, { about: "risk" }>, "riskEventType" | "riskDetail">;

/** Is a confirmation seen at `at` (ISO 8601) the one we made? */
export function isOwnConfirmation(words: RiskWords, at: string, ownAt: number | null): boolean {
  if (ownAt === null || (words.riskEventType !== confirmedByAdmin && words.riskDetail !== confirmedByAdmin))
    return false;
  const sinceMs = Date.parse(at) - ownAt;
  return sinceMs > -skewMs && sinceMs < echoMs;
}
