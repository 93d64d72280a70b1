/** Somebody wants to know at once who is unused: the timer begins within its minute. */
import { RetryableError } from "../../../domain/errors.ts";
import type { Services } from "../../../ports/services.ts";
import { newScanState, readScanState } from "./scan-state.ts";

const maxRaces = 8;

/** A scan that runs already is answer enough. Throws RetryableError. */
export async function requestScan(services: Pick<Services, "clock" | "policy" | "stores">): Promise<void> {
  const { clock, policy, stores } = services;
  for (let race = 0; race < maxRaces; race++) {
    const stored = await readScanState(services);
    const state = stored?.state ?? newScanState(clock.now());
    if (state.current !== null || state.requestedAt !== null) return;
    const wanted = { ...state, requestedAt: clock.now() };
    if ((await stores.scans.put(policy.tenantId, wanted, stored?.etag ?? null)) !== null) return;
  }
  throw new RetryableError("the row of the scan kept changing while one was asked for", { code: "contention" });
}
