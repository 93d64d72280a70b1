/** Versions in headers: `"…"` around an opaque text of our own (RFC 9110, 8.8.3), which may hold what a header may not. */
import { TerminalError } from "../../shared/domain/errors.ts";

export function etagHeader(etag: string): string {
  return `"${encodeURIComponent(etag)}"`;
}

/**
 * The one version that `If-Match` names; null: it was not said. Throws `bad-if-match` for `*`, for a list, for a weak one, and for what
 * we cannot have given out: a change is made to a version that somebody has seen.
 */
export function ifMatchIn(header: string | null): string | null {
  if (header === null) return null;
  const text = /^"([\w!'()*.~%-]+)"$/.exec(header.trim())?.[1];
  if (text === undefined) throw badIfMatch();
  try {
    return decodeURIComponent(text);
  } catch {
    throw badIfMatch();
  }
}

/** Throws `if-match-missing` where the operation demands a version. */
export function requireIfMatch(ifMatch: string | null): void {
  if (ifMatch !== null) return;
  const message = "read it first, then send the `ETag` of that answer as `If-Match`, so that nobody's change is lost";
  throw new TerminalError(message, { code: "if-match-missing" });
}

/** Does `If-None-Match` name what would be answered? Weak comparison, as the RFC says for it. */
export function isNotModified(ifNoneMatch: string | null, etag: string | undefined): boolean {
  if (ifNoneMatch === null || etag === undefined) return false;
  const ours = etagHeader(etag);
  return ifNoneMatch.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === ours);
}

function badIfMatch(): TerminalError {
  return new TerminalError('send the `ETag` of one answer as it was, in its quotes: `If-Match: "…"`', {
    code: "bad-if-match",
  });
}
