/** The spellings of time that Entra's logs and Graph use. */

/** `2026-08-20T10:00:00Z`, as directory objects carry it. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `2026-08-20T10:00:00.1230000Z`: seven decimals, as log envelopes carry it. */
export function isoSeven(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}0000Z`;
}

/** As `isoSeven`, with `+00:00`: the times inside of log properties. */
export function isoSevenOffset(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}0000+00:00`;
}

/** `8/22/2022 6:11:52 PM` (UTC): the envelope of the risk categories in every published sample. */
export function usStyle(ms: number): string {
  const date = new Date(ms);
  const hour = date.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${clock} ${hour < 12 ? "AM" : "PM"}`;
}

export const dayMs = 86_400_000;
