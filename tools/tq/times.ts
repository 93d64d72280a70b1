/** Instants for people: UTC, to the second. */

/** `2026-11-22 13:02:48`; what is no instant stays as it is. */
export function utc(instant: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(instant) ? instant.slice(0, 19).replace("T", " ") : instant;
}

/** `90` → `1 min 30 s`. */
export function lasting(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
