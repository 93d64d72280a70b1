/** When everybody was used last, as the newest whole scan remembers it: for whoever has no time to read the whole report again. */
import { describeError, TerminalError } from "../../../domain/errors.ts";
import type { Services } from "../../../ports/services.ts";
import { readScanState, verdictsOf } from "./scan-state.ts";
import { HistoryRow } from "./use-history.ts";

const goodForMs = 2 * 24 * 3600_000;

/** Epoch ms by appId, of whom any use is known. Null: no scan of late has read the report, or what it kept cannot be read. */
export async function usesByScan(
  services: Pick<Services, "clock" | "logger" | "policy" | "stores">,
): Promise<ReadonlyMap<string, number> | null> {
  const { clock, logger, policy, stores } = services;
  try {
    const last = (await readScanState(services))?.state.last ?? null;
    if (last === null || clock.now() - last.startedAt > goodForMs) return null;
    if (last.missing.some(({ part }) => part === "sign-in-activities")) return null;
    const uses = new Map<string, number>();
    for await (const page of stores.scans.pages(policy.tenantId, verdictsOf(last.scanId), "history")) {
      const rows = HistoryRow.array().safeParse(page);
      if (!rows.success) return null;
      for (const [appId, , used] of rows.data) if (used > 0) uses.set(appId, used);
    }
    return uses;
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    logger.error("The row of the scan cannot be read", { error: describeError(error) });
    return null;
  }
}
