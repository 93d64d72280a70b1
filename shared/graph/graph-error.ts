/** Reads Graph's error body: `{error:{code,message,innerError:{…}}}`, loosely, since proxies answer in its place, too. */

interface GraphErrorFacts {
  readonly code: string | null;
  readonly message: string | null;
  readonly requestId: string | null;
}

/** More specific than the code around them, and something is decided by them (Graph: errors, "walk nested inner errors"). */
const telling = new Set([
  "Authorization_RequestDenied",
  "Directory_ConcurrencyViolation",
  "Directory_QuotaExceeded",
  "KeyNotUpdatable",
  "Request_ResourceNotFound",
]);

export function readGraphError(body: unknown): GraphErrorFacts {
  const chain = innerErrors(field(body, "error"));
  const codes = chain.map((error) => text(field(error, "code"))).filter((code) => code !== null);
  const requestIds = chain.map((error) => text(field(error, "request-id"))).filter((id) => id !== null);
  return {
    code: codes.findLast((code) => telling.has(code)) ?? codes[0] ?? null,
    message: clean(text(field(chain[0], "message"))),
    requestId: requestIds[0] ?? null,
  };
}

/** The error and what is nested in it, outermost first. Both spellings occur; the depth is bounded as the body is not ours. */
function innerErrors(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let at = error; isRecord(at) && chain.length < 8; at = at.innerError ?? at.innererror) chain.push(at);
  return chain;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function clean(message: string | null): string | null {
  return message === null ? null : message.replace(/\p{Cc}+/gu, " ").slice(0, 500);
}
