/** Time as a port: nothing below `functions/` reads the machine's clock. */
export interface Clock {
  /** milliseconds since the Unix epoch */
  now(): number;
  /** resolves after `ms` milliseconds, or rejects when `signal` aborts */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** ISO 8601 UTC with milliseconds. */
export function isoAt(ms: number): string {
  return new Date(ms).toISOString();
}
