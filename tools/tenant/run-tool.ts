/** The way every command of these tools ends: what is wrong is told in a sentence, and the code is 2. */
import { describeError, RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import type { Surroundings } from "./connect.ts";

export async function runTool(usage: string, { err }: Surroundings, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const isOurs = error instanceof TerminalError || error instanceof RetryableError;
    err(isOurs ? error.message : describeError(error));
    if (isWrongUse(error)) err(usage);
    return 2;
  }
}

function isWrongUse(error: unknown): boolean {
  if (error instanceof TerminalError) return error.code === "usage";
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
