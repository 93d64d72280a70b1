/** Days and instants, as people read them in reasons. */
export const dayMs = 24 * 3600_000;

/** Whole days, rounded down: never more than have passed. */
export function wholeDays(ms: number): number {
  return Math.floor(ms / dayMs);
}

/** ISO 8601 UTC; null for what no date can hold. */
export function isoOf(at: number): string | null {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
