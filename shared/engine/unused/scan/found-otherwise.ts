/**
 * Who is being retired, and is not unused by the word of the newest scan: used by a signal that the report alone does not show, privileged by
 * now so that its window is longer, tagged, called by others, signed in to, or published. The scan has looked at all of that anyway.
 */
import { isoOf } from "../../../domain/day.ts";
import { describeError, TerminalError } from "../../../domain/errors.ts";
import type { Retirement } from "../../../domain/retirement.ts";
import type { JudgedIdentity } from "../../../domain/use.ts";
import type { Services } from "../../../ports/services.ts";
import { readScanState, type ScanState } from "./scan-state.ts";

const acting: ReadonlySet<Retirement["state"]> = new Set(["told", "disabled", "asking"]);
/** What comes first pauses a retirement, and is asked where it is decided. */
const decidedElsewhere: ReadonlySet<string> = new Set(["under-attack", "contained"]);

/** `found`: what the scan kept of who is being retired; who is not in it is plainly used, or not there. */
export function otherwiseIn(
  retirements: readonly (readonly [appId: string | null, row: Retirement])[],
  found: ReadonlyMap<string, JudgedIdentity>,
): ScanState["otherwise"] {
  return retirements.flatMap(([appId, { state }]) => {
    if (appId === null || !acting.has(state)) return [];
    const why = whyNot(found.get(appId));
    return why === null ? [] : [{ appId, why }];
  });
}

function whyNot(judged: JudgedIdentity | undefined): string | null {
  if (judged === undefined) return "it was used within its window, or is not there";
  const { state, reasons } = judged.verdict;
  if (state === "used") return reasons[0]?.words ?? "it was used";
  if (state !== "exempt") return null;
  const known = reasons.find(({ code, data }) => data.known !== false && !decidedElsewhere.has(code));
  return known !== undefined && known === reasons[0] ? known.words : null;
}

/** One sentence; null: the newest scan says nothing against it; `unread`: what it says cannot be read. */
export async function foundOtherwise(
  services: Pick<Services, "logger" | "policy" | "stores">,
  appId: string,
): Promise<string | "unread" | null> {
  try {
    const state = (await readScanState(services))?.state;
    const found = state?.otherwise.find((one) => one.appId === appId);
    if (state?.last == null || found === undefined) return null;
    return `the scan of ${isoOf(state.last.startedAt)} found otherwise: ${found.why}`;
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    services.logger.error("The row of the scan cannot be read", { error: describeError(error) });
    return "unread";
  }
}
