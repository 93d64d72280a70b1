/** The last whole scan in hand: its verdicts are read page by page, as often as somebody asks. */
import type { JudgedIdentity } from "../../../domain/use.ts";
import type { Services } from "../../../ports/services.ts";
import { readScanState } from "../../unused/scan/scan-state.ts";
import { judgedIn } from "../../unused/scan/verdicts.ts";

export interface LastScan {
  readonly scanId: string;
  /** epoch ms */
  readonly startedAt: number;
  judged(): AsyncIterable<JudgedIdentity>;
}

/** Null: none was ever whole. */
export async function lastScan(services: Pick<Services, "policy" | "stores">): Promise<LastScan | null> {
  const last = (await readScanState(services))?.state.last ?? null;
  if (last === null) return null;
  const { scanId, startedAt } = last;
  return { scanId, startedAt, judged: () => judgedIn(services, scanId) };
}
