/** Two kinds of failure: one that may pass by itself, and one that will not. Expected results are values, not errors. */

interface AppErrorOptions {
  readonly code: string;
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
}

/** Trying again later may help: storage or Graph is unreachable, throttled, or busy. */
export class RetryableError extends Error {
  override readonly name = "RetryableError";
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: AppErrorOptions) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Trying again gives the same answer: bad input, missing permission, a bug. */
export class TerminalError extends Error {
  override readonly name = "TerminalError";
  readonly code: string;
  constructor(message: string, options: AppErrorOptions) {
    super(message, { cause: options.cause });
    this.code = options.code;
  }
}

/** One line for a log or an outcome: never a stack, never a whole record. */
export function describeError(error: unknown): string {
  if (error instanceof RetryableError || error instanceof TerminalError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : "not an Error";
}
