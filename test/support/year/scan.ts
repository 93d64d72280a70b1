/** What the timer does that comes every minute. One scan, from its first page to its last: the timer comes every minute until it is done. */
import { continueScan } from "../../../shared/engine/unused/scan/scan.ts";
import { readScanState } from "../../../shared/engine/unused/scan/scan-state.ts";
import type { Engine } from "./engine.ts";

const budgetMs = 60_000;

/** In working hours: the few that the last scan named are told. */
export async function beginNamed({ process: { services } }: Engine): Promise<void> {
  await continueScan(services, budgetMs);
}

export async function runScan({ process: { services }, world }: Engine): Promise<void> {
  for (let minute = 0; minute < 30; minute += 1) {
    await continueScan(services, budgetMs);
    const scan = await readScanState(services);
    if (scan?.state.current == null) return;
    await world.clock.advance(budgetMs);
  }
  throw new Error(`the scan comes to no end: ${JSON.stringify((await readScanState(services))?.state.current)}`);
}
