/** From what came over the wire, or did not, to the answer the engine reads. */
import type { ApiAnswer, ApiFailure } from "../ports/tenant.ts";
import { readGraphError } from "./graph-error.ts";
import { retryAfterMs } from "./retry-after.ts";

/** An HTTP answer, of a request alone or inside a `$batch`. */
export interface RawAnswer {
  readonly status: number;
  /** case-insensitive */
  header(name: string): string | null;
  /** parsed JSON; null when empty; `unreadable` when it is not JSON */
  readonly body: unknown;
}

export const unreadable = Symbol("not JSON");

export function parseBody(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}

/** Whom a failure's message names. */
export type Service = "Graph" | "Azure Resource Manager";

/** `repeatable` says that the request was a read, so that a failure cannot have left a change behind. */
export function answerFrom(raw: RawAnswer, repeatable: boolean, now: number, service: Service = "Graph"): ApiAnswer {
  const requestId = requestIdOf(raw);
  const ok = raw.status >= 200 && raw.status < 300;
  if (ok && raw.body !== unreadable) return { ok: true, status: raw.status, body: raw.body, requestId };
  if (ok) {
    const message = `${service} answered ${raw.status} with a body that is not JSON; is a proxy in between?`;
    return failure({
      status: raw.status,
      code: "unreadable",
      message,
      requestId,
      retryable: true,
      maybeDone: !repeatable,
    });
  }
  const error = readGraphError(raw.body);
  const waitMs = retryAfterMs(raw.header("retry-after"), now);
  const refused = raw.status === 429 || (raw.status === 503 && waitMs !== null) || error.code === concurrencyViolation;
  return failure({
    status: raw.status,
    code: error.code ?? `http-${raw.status}`,
    message: messageFor(service, raw.status, error.message),
    requestId: requestId ?? error.requestId,
    retryAfterMs: waitMs,
    retryable: isPassing(raw.status, error.code),
    maybeDone: !repeatable && raw.status >= 500 && !refused,
  });
}

/** Graph's own header; Resource Manager's providers set one or both of the others (Resource Manager, request headers). */
function requestIdOf({ header }: RawAnswer): string | null {
  return header("request-id") ?? header("x-ms-request-id") ?? header("x-ms-correlation-request-id");
}

/** A token is refused for now: the platform gives another one when this one has run out, or when our identity is mended. */
function messageFor(service: Service, status: number, said: string | null): string {
  const why = said ?? `${service} answered ${status} without an explanation.`;
  return status === 401
    ? `${service} refused our access token; is our managed identity enabled and permitted? ${why}`
    : why;
}

/** Seen as 409 and as 503 when several credential writes meet on one application (Azure/azure-cli#23081, nais/azurerator#448). */
const concurrencyViolation = "Directory_ConcurrencyViolation";

function isPassing(status: number, code: string | null): boolean {
  if (code === concurrencyViolation) return true;
  return status === 401 || status === 408 || status === 429 || [500, 502, 503, 504].includes(status);
}

/** Nothing went over the wire: no lane turn in time, no token, or an address we refuse. */
export function notSent(code: string, message: string, more: Partial<ApiFailure> = {}): ApiFailure {
  return failure({ status: 0, code, message, retryable: false, maybeDone: false, ...more });
}

/** It went out, or tried to, and no whole answer came back. */
export function noAnswer(cause: unknown, repeatable: boolean, service: Service = "Graph"): ApiFailure {
  const timedOut = cause instanceof Error && cause.name === "TimeoutError";
  const aborted = cause instanceof Error && cause.name === "AbortError";
  const code = timedOut ? "timeout" : aborted ? "aborted" : "network";
  const never = causeCodes(cause).some((name) => neverConnected.has(name));
  const message = never
    ? `${service} could not be reached.`
    : timedOut
      ? `${service} did not answer in time.`
      : `The connection to ${service} broke before its answer was complete.`;
  return failure({ status: 0, code, message, retryable: true, maybeDone: !repeatable && !never, cause });
}

/** Node's and undici's codes of a connection that was never made, so that no request can have been on it. */
const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

function causeCodes(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 4) return [];
  const code = "code" in error && typeof error.code === "string" ? [error.code] : [];
  return [...code, ...causeCodes(error.cause, depth + 1)];
}

type FailureParts = Pick<ApiFailure, "status" | "code" | "message" | "retryable" | "maybeDone"> & Partial<ApiFailure>;

function failure(parts: FailureParts): ApiFailure {
  return { ok: false, retryAfterMs: null, requestId: null, ...parts };
}
