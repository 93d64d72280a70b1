/** The `Retry-After` header (RFC 9110 §10.2.3): seconds, or a date. */

/** Milliseconds to wait from `now` (epoch ms); null when there is no header or it makes no sense. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds >= 0 ? Math.ceil(seconds * 1000) : null;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
