/** The scan's row in the hand of the one process that has the lease: changed against the row as it was read. */
import type { Services } from "../../../ports/services.ts";
import { readScanState, type ScanInHand, type ScanState } from "./scan-state.ts";

const maxRaces = 8;

export interface ScanHand {
  readonly services: Services;
  /** epoch ms: nothing is begun after that */
  readonly endsAt: number;
  readonly state: ScanState;
  /** False: another process went on with this scan meanwhile, and this one must stop. */
  save(change: (state: ScanState) => ScanState): Promise<boolean>;
}

export function takeInHand(services: Services, read: { state: ScanState; etag: string | null }, endsAt: number) {
  const { stores, policy } = services;
  let { state, etag } = read;
  const hand: ScanHand = {
    services,
    endsAt,
    get state() {
      return state;
    },
    async save(change) {
      for (let race = 0; race < maxRaces; race++) {
        const next = change(state);
        const put = await stores.scans.put(policy.tenantId, next, etag);
        if (put !== null) {
          [state, etag] = [next, put];
          return true;
        }
        const found = await readScanState(services);
        if (found === null || !isSameScan(found.state, state)) return false;
        // somebody asked for a scan
        ({ state, etag } = found);
      }
      return false;
    },
  };
  return hand;
}

function isSameScan(a: ScanState, b: ScanState): boolean {
  return JSON.stringify({ ...a, requestedAt: null }) === JSON.stringify({ ...b, requestedAt: null });
}

/** Changes the scan that is in hand. */
export function saveCurrent(hand: ScanHand, change: (current: ScanInHand) => ScanInHand): Promise<boolean> {
  return hand.save((state) => (state.current === null ? state : { ...state, current: change(state.current) }));
}
