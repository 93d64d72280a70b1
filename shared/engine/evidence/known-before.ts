/**
 * Did we know what a finding calls new? That a credential is there is not enough: the one that payroll has used for two years is, too,
 * and a record that calls it added must not have it taken away.
 */
import { type Baseline, keptAs } from "../../domain/baseline.ts";
import type { Finding } from "../../domain/finding.ts";

/** The record of the addition itself may be a little off. */
const toleranceMs = 60_000;

/**
 * Null: nothing is known, or the finding is of a kind that may rightly come twice. A grant, an owner or a federated credential that we took
 * away and that is given again is news; the id of a credential stands for one secret only.
 */
export function wasKnownBefore(baseline: Baseline | null, { details, warrant }: Finding): boolean | null {
  if (baseline === null || details.about !== "credential-added" || details.added.length === 0) return null;
  const before = Date.parse(warrant.activityAt) - toleranceMs;
  return details.added.every(({ keyId }) =>
    (["key", "key-added"] as const).some((facet) => {
      const sighting = baseline.seen[facet]?.[keptAs(keyId)];
      return sighting !== undefined && sighting[0] < before;
    }),
  );
}
