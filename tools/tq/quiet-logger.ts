/** A command line prints its answer; only warnings and errors are worth a line beside it. */
import type { Logger } from "../../shared/ports/logger.ts";

export const quietLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => console.error(message, fields ?? ""),
  error: (message, fields) => console.error(message, fields ?? ""),
};
