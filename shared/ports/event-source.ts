/** Reads one event again from the hub where it lies, for replaying a dead letter. */
import type { Origin } from "../domain/dead-letter.ts";

export type ReadAgain =
  | { readonly found: true; readonly body: unknown; readonly enqueuedAt: number }
  /** it is older than the hub keeps, or the place was never known */
  | { readonly found: false; readonly why: string };

export interface EventSource {
  /** Throws RetryableError when the hub could not be reached. */
  readAgain(origin: Origin): Promise<ReadAgain>;
}
