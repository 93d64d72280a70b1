/** Rows that somebody edited, in a listing: named beside what can be read, so that one of them neither hides nor breaks the rest. */
import { describeError, TerminalError } from "../../../domain/errors.ts";
import type { IdentityKey } from "../../../domain/identity.ts";

export interface Unreadable {
  readonly identity: IdentityKey;
  readonly row: string;
  readonly problem: string;
}

export interface Shown<T> {
  readonly items: readonly T[];
  readonly unreadable: readonly Unreadable[];
}

/** What storage cannot give now is thrown; what it gives and nobody can read is told of. */
export async function orUnreadable<T>(
  identity: IdentityKey,
  row: string,
  read: () => Promise<T>,
): Promise<T | Unreadable> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return { identity, row, problem: describeError(error) };
  }
}

export function apart<T extends object>(all: readonly (T | Unreadable)[]): Shown<T> {
  const isUnreadable = (one: T | Unreadable): one is Unreadable => "problem" in one && "row" in one;
  return {
    items: all.filter((one): one is T => !isUnreadable(one)),
    unreadable: all.filter(isUnreadable),
  };
}
