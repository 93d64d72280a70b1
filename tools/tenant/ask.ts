/** One request of a tool: its body, or a sentence that says what was refused and how to mend it. */
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import type { ApiAnswer, ApiFailure, ApiRequest, Tenant } from "../../shared/ports/tenant.ts";
import { printable } from "../text/printable.ts";

const deadlineMs = 60_000;

export async function readOne(tenant: Pick<Tenant, "read">, request: ApiRequest): Promise<ApiAnswer> {
  const [answer] = await tenant.read([request], { deadlineAt: Date.now() + deadlineMs });
  if (answer === undefined) throw new RetryableError("no answer came", { code: "network" });
  return answer;
}

export function sendOne({ send }: Pick<Tenant, "send">, request: ApiRequest): Promise<ApiAnswer> {
  return send(request, { deadlineAt: Date.now() + deadlineMs });
}

/** `takes`: the permission, or the directory role, by which it would be allowed. Null for 404. */
export function bodyOf(answer: ApiAnswer, what: string, takes: string): unknown {
  if (answer.ok) return answer.body;
  if (answer.status === 404) return null;
  throw refused(answer, what, takes);
}

export function refused(answer: ApiFailure, what: string, takes: string): RetryableError | TerminalError {
  const options = { code: answer.code, cause: answer.cause };
  const said = printable(`${answer.code}: ${answer.message}`);
  // what the token service or ourselves said is told in its own words
  if (answer.cause instanceof TerminalError) return answer.cause;
  if (answer.status === 403) return new TerminalError(`${what} was refused (${said}). It takes ${takes}.`, options);
  if (answer.status === 401)
    return new TerminalError(`${what}: the access token was refused (${said}). Sign in again.`, options);
  const message = `${what} failed (${said})`;
  return answer.retryable ? new RetryableError(`${message}; try again`, options) : new TerminalError(message, options);
}
