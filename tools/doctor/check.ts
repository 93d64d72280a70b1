/** One line of the doctor's table; what could not be looked at is said, never left out. */
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";

export type Status = "ok" | "warning" | "failed" | "unknown";

export interface Check {
  /** what was looked at */
  readonly about: string;
  readonly status: Status;
  readonly found: string;
  /** what to do about it; of what is unknown: how to make it readable. Null: nothing */
  readonly todo: string | null;
}

export function ok(about: string, found: string): Check {
  return { about, status: "ok", found, todo: null };
}

export function warning(about: string, found: string, todo: string): Check {
  return { about, status: "warning", found, todo };
}

export function failed(about: string, found: string, todo: string): Check {
  return { about, status: "failed", found, todo };
}

export function unknown(about: string, found: string, todo: string): Check {
  return { about, status: "unknown", found, todo };
}

/** What a check cannot read makes it unknown, in the words of the refusal; a mistake of ours is no finding and is thrown. */
export async function looking(about: string, look: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof TerminalError || error instanceof RetryableError)) throw error;
    return [unknown(about, "could not be read", error.message)];
  }
}
