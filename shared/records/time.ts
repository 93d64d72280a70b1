/** Every spelling of a time seen in diagnostic records, as ISO 8601 UTC. A time without zone is UTC, never local. */

const zone = /\s*(?<zone>Z|[+-]\d{2}:?\d{2})?\)?$/.source;
const clock = /(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,12}))?)?/.source;
const iso = new RegExp(`^(?<year>\\d{4})-(?<month>\\d{1,2})-(?<day>\\d{1,2})(?:[T\\s]${clock})?${zone}`, "i");
const us = new RegExp(
  `^(?<month>\\d{1,2})/(?<day>\\d{1,2})/(?<year>\\d{4}),?\\s+${clock}(?:\\s*(?<half>[AP]M))?${zone}`,
  "i",
);
const longestSpelling = 64;
/** As Entra writes nearly all of them. */
const usual = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,12})?(?:Z|\+00:00)$/;
const toSeconds = "2026-03-02T09:41:00".length;

/** ISO 8601 UTC with milliseconds (further digits are cut); null for what is no time. */
export function parseTime(value: unknown): string | null {
  if (typeof value !== "string" || value.length > longestSpelling) return null;
  return (usual.test(value) ? usualTime(value) : null) ?? otherTime(value.trim());
}

/** Null: not of that form after all. Nothing is to be worked out here, only checked and cut. */
function usualTime(text: string): string | null {
  const whole = text.slice(0, toSeconds);
  const fraction = text[toSeconds] === "." ? (/^\d+/.exec(text.slice(toSeconds + 1))?.[0] ?? "") : "";
  const time = `${whole}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
  const at = new Date(time);
  // Date reads 30 February as 2 March, and hour 24 as the next day's first
  return at.getTime() >= 0 && at.toISOString() === time ? time : null;
}

function otherTime(text: string): string | null {
  const parts = (iso.exec(text) ?? us.exec(text))?.groups;
  return parts === undefined ? null : toIso(parts);
}

function toIso(parts: Partial<Record<string, string>>): string | null {
  const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)];
  const hour = hourOf(Number(parts.hour ?? 0), parts.half?.toUpperCase());
  const [minute, second] = [Number(parts.minute ?? 0), Number(parts.second ?? 0)];
  const ms = Number((parts.fraction ?? "").slice(0, 3).padEnd(3, "0"));
  const midnight = new Date(Date.UTC(year, month - 1, day));
  // Date.UTC reads 31 February as 3 March: what does not come back unchanged was no date
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day || year < 1970) return null;
  if (hour === null || hour > 23 || minute > 59 || second > 59) return null;
  const offsetMinutes = offsetOf(parts.zone);
  return new Date(Date.UTC(year, month - 1, day, hour, minute - offsetMinutes, second, ms)).toISOString();
}

function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === "PM" ? 12 : 0);
}

function offsetOf(text: string | undefined): number {
  if (text === undefined || text.toUpperCase() === "Z") return 0;
  const digits = text.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return text.startsWith("-") ? -minutes : minutes;
}
