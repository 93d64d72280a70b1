/** Why nothing may be begun on the word of a scan: what it rests on was not there, or was too little. Pure. */
import { isoOf } from "../../../domain/day.ts";
import type { ScanIndex } from "./scan-index.ts";
import type { ScanInHand } from "./scan-state.ts";

/** Rows come a day late at most; we ourselves use Microsoft Graph each day. */
const reportStoppedMs = 7 * 24 * 3600_000;

/** One sentence; null: its candidates may be begun. */
export function whyReportOnly(
  { hasReport, hasApplications, newestUse, enabled, covered }: ScanIndex,
  { missing, startedAt }: Pick<ScanInHand, "missing" | "startedAt">,
  coveragePercent: number,
): string | null {
  if (!hasReport) return `the sign-in report could not be read: ${whyMissing(missing, "sign-in-activities")}`;
  if (!hasApplications) return `the applications could not be read: ${whyMissing(missing, "applications")}`;
  if (newestUse === null || startedAt - newestUse > reportStoppedMs) {
    const until = newestUse === null ? "tells of no use at all" : `stopped at ${isoOf(newestUse)}`;
    return `the sign-in report ${until}`;
  }
  if (enabled > 0 && covered * 100 < coveragePercent * enabled) {
    return `the sign-in report has a row of ${covered} of ${enabled} enabled applications, fewer than ${coveragePercent} % (retire.coveragePercent)`;
  }
  return null;
}

function whyMissing(missing: ScanInHand["missing"], wanted: string): string {
  return missing.find(({ part }) => part === wanted)?.why ?? "it is not known why";
}
