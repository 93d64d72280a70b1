/** One scan of the whole tenant as the timer does it, run after run without the minutes between them. */
import { requestScan } from "../../shared/engine/unused/scan/request-scan.ts";
import { continueScan } from "../../shared/engine/unused/scan/scan.ts";
import { readScanState, type WholeScan } from "../../shared/engine/unused/scan/scan-state.ts";
import type { Services } from "../../shared/ports/services.ts";

/** As the timer's. */
const budgetMs = 150_000;
const mostRuns = 30;

export interface ScanDone {
  readonly elapsedMs: number;
  /** that were judged */
  readonly identities: number;
  readonly counts: WholeScan["counts"];
}

/** Throws when it finds nothing that may be acted on: then it did less than it is measured for. */
export async function scanWhole(services: Services): Promise<ScanDone> {
  await requestScan(services);
  const before = performance.now();
  for (let run = 0; run < mostRuns; run++) {
    await continueScan(services, budgetMs);
    const state = (await readScanState(services))?.state;
    if (state?.last == null || state.current !== null || state.requestedAt !== null) continue;
    const { counts, missing, reportOnly } = state.last;
    if (missing.length > 0 || reportOnly !== null)
      throw new Error(`The scan was not whole: ${JSON.stringify(state.last)}.`);
    const identities = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return { elapsedMs: performance.now() - before, identities, counts };
  }
  throw new Error("The scan does not end.");
}
