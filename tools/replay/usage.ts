/** What `replay` can be told, and what it says to anything else. */
import { TerminalError } from "../../shared/domain/errors.ts";

export const usage = `Usage: npm run replay -- FILES… [options]

  Feeds exported history through the app's own code, with no tenant at all, and prints what would have been found and done.

  FILES                    event archives and captures of Event Hubs (JSON lines, Avro), Log Analytics rows (JSON, CSV), pages of
                           Microsoft Graph (directoryAudits, signIns, Identity Protection), plain records; gzip too; - is
                           standard input. What a file is, is told by what it holds.
  --policy FILE            the policy to hold them against; policy.yaml without it
  --mode MODE              observe, approve or enforce in place of the policy's own mode; enforce without it
  --from TIME  --to TIME   only records from then (inclusive) up to then (exclusive), as 2026-03-01 or 2026-03-01T09:00:00Z
  --service-principals N   enabled ones that are not Microsoft's: what blastRadius.percent is of; without it that line limits nothing
  --json                   one JSON object
  --help                   this`;

/** What is wrong, and how it is written. */
export function wrongUse(problem: string): TerminalError {
  return new TerminalError(`${problem}\n\n${usage}`, { code: "usage" });
}
