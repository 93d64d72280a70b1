/** What the risk lookup remembers: the lists of the last seconds, when it may ask unasked, and how many pages were of use. */
import type { Services } from "../../ports/services.ts";
import type { ApiAnswer } from "../../ports/tenant.ts";
import type { RiskDetectionRecord } from "./risk-detections.ts";

export interface Wanted {
  readonly servicePrincipalId: string;
  /** null: any detection of that service principal */
  readonly detectionId: string | null;
}

const freshMs = 5_000;
/** The lane's pace: a list more often would only wait there, before those who have something to ask. */
const prefetchApartMs = 1_000;
const listsKept = 20;
const depthKeptMs = 30_000;

/** Lists of the last seconds. */
export function createRecent({ clock }: Services) {
  let lists: readonly { readonly at: number; readonly records: readonly RiskDetectionRecord[] }[] = [];
  return {
    keep(records: readonly RiskDetectionRecord[]): void {
      lists = [{ at: clock.now(), records }, ...lists].slice(0, listsKept);
    },
    find(wanted: Wanted): readonly RiskDetectionRecord[] {
      const now = clock.now();
      lists = lists.filter(({ at }) => now - at < freshMs);
      const newest = new Map<string, RiskDetectionRecord>();
      for (const record of lists.flatMap(({ records }) => records)) {
        if (fits(record, wanted) && !newest.has(record.id)) newest.set(record.id, record);
      }
      return [...newest.values()];
    },
  };
}

/** When a list may be sent that nobody has asked for. */
export function createPace({ clock }: Services) {
  let startedAt = Number.NEGATIVE_INFINITY;
  let isRefused = false;
  return {
    mayStart(): boolean {
      if (isRefused || clock.now() - startedAt < prefetchApartMs) return false;
      startedAt = clock.now();
      return true;
    },
    /** A tenant that may not list them all (no licence, no permission) is not asked to again. */
    after(answer: ApiAnswer): void {
      isRefused ||= !answer.ok && !answer.retryable && answer.status >= 400 && answer.status < 500;
    },
  };
}

/** In a burst the newest page does not hold them all: as many pages as were of use a moment ago are read again before anybody asks. */
export function createDepth({ clock }: Services) {
  let needed = 1;
  let neededAt = Number.NEGATIVE_INFINITY;
  let page = 0;
  return {
    begin(): void {
      page = 0;
      if (clock.now() - neededAt >= depthKeptMs) needed = 1;
    },
    /** One page more; answers whether that is as many as are wanted unasked. */
    hasRead(answered: boolean): boolean {
      page += 1;
      if (answered && page >= needed) [needed, neededAt] = [page, clock.now()];
      return page >= needed;
    },
  };
}

export function fits(record: RiskDetectionRecord, { servicePrincipalId, detectionId }: Wanted): boolean {
  return record.servicePrincipalId === servicePrincipalId && (detectionId === null || record.id === detectionId);
}
