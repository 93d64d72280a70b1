/** How far the scan is, and what the last whole one found, as the API shows them. */
import { isoAt } from "../../../ports/clock.ts";
import type { Services } from "../../../ports/services.ts";
import { type Counts, type Missing, pagesRead, readScanState, type ScanState, type WholeScan } from "./scan-state.ts";

/** As `shared/api/unused.ts` describes it. */
interface Shown {
  readonly state: "none" | "requested" | "running" | "done" | "failed";
  readonly scanId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly part: string | null;
  readonly pages: number;
  readonly expectedPages: number | null;
  readonly reportOnly: string | null;
  readonly counts: Counts;
  readonly missing: readonly string[];
  readonly failure: string | null;
}

/** Throws TerminalError `row-malformed`. */
export async function showScans(
  services: Pick<Services, "policy" | "stores">,
): Promise<{ readonly current: Shown; readonly last: Shown | null }> {
  const state = (await readScanState(services))?.state ?? null;
  const last = state?.last ?? null;
  return { current: currentOf(state), last: last === null ? null : shownWhole(last) };
}

const nothing: Shown = {
  state: "none",
  scanId: null,
  startedAt: null,
  endedAt: null,
  part: null,
  pages: 0,
  expectedPages: null,
  reportOnly: null,
  counts: {},
  missing: [],
  failure: null,
};

function currentOf(state: ScanState | null): Shown {
  if (state === null) return nothing;
  const { current, failed, last, requestedAt } = state;
  if (current !== null) {
    return {
      ...nothing,
      state: "running",
      scanId: current.scanId,
      startedAt: isoAt(current.startedAt),
      part: current.part,
      pages: pagesRead(current),
      expectedPages: last?.pages ?? null,
      counts: current.judged.counts,
      missing: current.missing.map(sayMissing),
      failure: current.failure,
    };
  }
  if (requestedAt !== null) return { ...nothing, state: "requested", expectedPages: last?.pages ?? null };
  if (failed === null) return last === null ? nothing : shownWhole(last);
  const { scanId, startedAt, endedAt, why } = failed;
  return {
    ...nothing,
    state: "failed",
    scanId,
    startedAt: isoAt(startedAt),
    endedAt: isoAt(endedAt),
    failure: why,
  };
}

function shownWhole({ scanId, startedAt, endedAt, pages, counts, reportOnly, missing }: WholeScan): Shown {
  return {
    ...nothing,
    state: "done",
    scanId,
    startedAt: isoAt(startedAt),
    endedAt: isoAt(endedAt),
    pages,
    expectedPages: pages,
    reportOnly,
    counts,
    missing: missing.map(sayMissing),
  };
}

function sayMissing({ part, why }: Missing): string {
  return `${part}: ${why}`;
}
