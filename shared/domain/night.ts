/** Hours of the day, by the clock of a place: from one time to another, over midnight where the second is the earlier one. */
import { z } from "zod";

const pattern = "^([01]\\d|2[0-3]):[0-5]\\d$";

const time = z
  .string()
  .refine((text) => new RegExp(pattern).test(text), 'write hours and minutes in quotes, for example "22:00"')
  .meta({ pattern });

export const Night = z
  .strictObject({
    from: time.describe("local time at which it begins, for example 22:00"),
    to: time.describe("local time at which it is over, for example 06:00"),
    timeZone: z
      .string()
      .refine(isTimeZone, "write the name of a time zone, for example Europe/Berlin")
      .describe("name of a time zone (IANA), for example Europe/Berlin"),
  })
  .refine(({ from, to }) => from !== to, "write two different times: from begins it and to ends it");
export type Night = z.infer<typeof Night>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Is it night there at `at` (epoch ms)? `from` is part of it, `to` is not. */
export function isNight({ from, to, timeZone }: Night, at: number): boolean {
  const options = { timeZone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" } as const;
  const now = new Intl.DateTimeFormat("en-GB", options).format(at);
  return from < to ? from <= now && now < to : from <= now || now < to;
}
