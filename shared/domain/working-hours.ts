/** When what retires identities happens: on some days of the week, within some hours of them, by the clock of a place. */
import { dayMs } from "./day.ts";
import type { Night } from "./night.ts";
import type { RetirePolicy } from "./retire-policy.ts";

type When = Pick<RetirePolicy, "workingHours" | "workingDays">;

const minuteMs = 60_000;
/** Clocks are set by quarters of an hour, and hours in the policy by minutes: nothing is overslept by more than this. */
const stepMs = 5 * minuteMs;

interface LocalTime {
  readonly weekday: string;
  /** `09:30` */
  readonly time: string;
}

/** By days alone, it is those of UTC: the policy names no place then. */
function clockOf(timeZone = "UTC"): (at: number) => LocalTime {
  const options = { timeZone, hourCycle: "h23", weekday: "short", hour: "2-digit", minute: "2-digit" } as const;
  const format = new Intl.DateTimeFormat("en-GB", options);
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return { weekday: parts.get("weekday") ?? "", time: `${parts.get("hour")}:${parts.get("minute")}` };
  };
}

/** What goes over midnight belongs to the day on which it began. */
function isWithin({ workingHours, workingDays }: When, clock: ReturnType<typeof clockOf>, at: number): boolean {
  const { weekday, time } = clock(at);
  const isDay = (name: string) => workingDays.some((day) => day === name);
  if (workingHours === undefined) return isDay(weekday);
  const { from, to }: Night = workingHours;
  if (from < to) return isDay(weekday) && from <= time && time < to;
  if (time < to) return isDay(clock(at - dayMs).weekday);
  return isDay(weekday) && from <= time;
}

/** `at`: epoch ms. */
export function isWorking(when: When, at: number): boolean {
  return isWithin(when, clockOf(when.workingHours?.timeZone), at);
}

/** Epoch ms of the first moment after `at` that is within; null: there is none within eight days. */
export function nextWorking(when: When, at: number): number | null {
  const clock = clockOf(when.workingHours?.timeZone);
  for (let next = at - (at % stepMs) + stepMs; next <= at + 8 * dayMs; next += stepMs) {
    if (isWithin(when, clock, next)) return next;
  }
  return null;
}
