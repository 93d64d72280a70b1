/** What may go wrong with a Key Vault, each with what to do about it. */
import { z } from "zod";
import { describeError, RetryableError } from "../domain/errors.ts";

/** A refusal lasts until somebody mends it. */
const refusedAgainMs = 30_000;

const Inner = z.object({ code: z.string() }).nullish();
const Refusal = z.object({ error: z.object({ code: z.string(), innererror: Inner, innerError: Inner }) });

/** How to mend what the vault's inner error code names. */
const mending: Readonly<Record<string, string>> = {
  ForbiddenByRbac:
    'give the app\'s managed identity the role "Key Vault Crypto User" on the key or the vault; it needs some minutes to arrive',
  ForbiddenByPolicy:
    "let the app's managed identity get, list and sign keys in the vault's access policies, or change the vault to Azure RBAC",
  ForbiddenByFirewall: "let the app's network through the vault's firewall",
  KeyDisabled: "enable the version that signs, or make a new version of the key",
};

const mendingByStatus: Readonly<Record<number, string>> = {
  400: "the newest version of the key must be an EC key on the curve P-256 that may sign",
  401: "the vault takes no token of our tenant or for this resource: is it the vault of this tenant and this cloud?",
  403: 'give the app\'s managed identity the role "Key Vault Crypto User", and look whether the key is enabled and in its time',
  404: "the key is not there: make it with az keyvault key create --kty EC --curve P-256, or mend TOURNIQUET_SIGNING_KEY_ID",
};

/** For any status but 2xx. `body`: parsed, null where it was no JSON. `now`: epoch ms. */
export function refused({ status, headers }: Response, body: unknown, now: number): RetryableError {
  const error = Refusal.safeParse(body).data?.error;
  const code = (error?.innererror ?? error?.innerError)?.code ?? error?.code ?? "no code";
  const asked = retryAfterMs(headers.get("retry-after"), now);
  if (status === 429) return failure("throttles us (429)", "key-vault-throttled", { retryAfterMs: asked });
  if (status >= 500) return failure(`answers ${status} ${code}`, "key-vault-unavailable", { retryAfterMs: asked });
  const how = mending[code] ?? mendingByStatus[status] ?? "look at its diagnostic logs";
  const codeOfOurs = status === 404 ? "key-vault-no-key" : "key-vault-refused";
  return failure(`refuses (${status} ${code}): ${how}`, codeOfOurs, { retryAfterMs: asked ?? refusedAgainMs });
}

export function noToken(cause: unknown): RetryableError {
  return failure("gets no token of us; is the managed identity assigned?", "key-vault-no-token", { cause });
}

export function unreadable(what: string, cause?: unknown): RetryableError {
  return failure(`cannot be understood: ${what}`, "key-vault-unreadable", { cause, retryAfterMs: refusedAgainMs });
}

/** What `fetch` threw; what was thrown as one of our errors stays what it is. */
export function unreachable(error: unknown): RetryableError {
  if (error instanceof RetryableError) return error;
  const isLate = error instanceof Error && error.name === "TimeoutError";
  const what = isLate ? "did not answer in time" : `cannot be reached (${reasonOf(error)})`;
  return failure(what, "key-vault-unreachable", { cause: error });
}

/** `fetch` says only that it failed; why, says its cause: ENOTFOUND, ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && "code" in cause ? String(cause.code) : describeError(error);
}

function failure(
  what: string,
  code: string,
  { retryAfterMs: after, cause }: { readonly retryAfterMs?: number | null; readonly cause?: unknown },
): RetryableError {
  const later = typeof after === "number" ? { retryAfterMs: after } : {};
  return new RetryableError(`The Key Vault that holds the signing key ${what}`, { code, cause, ...later });
}

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === "") return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
