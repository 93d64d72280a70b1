// Structured log lines on stdout, one JSON object a line.
import type { LogLevel } from "./core-types.ts";

export type HostLog = (
  level: LogLevel,
  functionName: string,
  message: string,
  fields?: Record<string, unknown>,
) => void;

const LOUD: readonly LogLevel[] = ["warning", "error", "critical"];
const SILENT: readonly LogLevel[] = ["trace", "debug", "none"];

/**
 * @param quiet only warnings and worse are written
 * @param write receives one line without its end
 */
export function createLog(quiet: boolean, write: (line: string) => void): HostLog {
  return function log(level, functionName, message, fields = {}) {
    if (SILENT.includes(level) || (quiet && !LOUD.includes(level))) return;
    write(JSON.stringify({ time: new Date().toISOString(), level, functionName, message, fields }));
  };
}

/** The words of an error and of its causes, for a log line. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { error: error.message, name: error.name, stack: error.stack, ...cause };
}
