// NCRONTAB, the schedule syntax of timer triggers: {second} {minute} {hour} {day} {month} {day of week}, in UTC.

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: readonly Field[] = [
  { name: "second", min: 0, max: 59 },
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, names: MONTHS },
  { name: "day of week", min: 0, max: 6, names: DAYS },
];
/** A 29 February may be eight years away (1896–1904, 2096–2104). */
const HORIZON_YEARS = 8;

/** The allowed values of each field, in the order of the expression. Day and day of week must both match. */
export interface Schedule {
  readonly expression: string;
  readonly allowed: readonly ReadonlySet<number>[];
}

/**
 * Understands `*`, lists, ranges, steps and English names; five fields mean "at second 0", as in Azure.
 * @throws Error that says which field is wrong
 */
export function parseNcrontab(expression: string): Schedule {
  const parts = expression.trim().split(/\s+/);
  if (parts.length === 5) parts.unshift("0");
  if (parts.length !== FIELDS.length) {
    throw new Error(`Schedule "${expression}" has ${parts.length} fields; NCRONTAB has six, or five without seconds.`);
  }
  const allowed = FIELDS.map((field, index) => parseField(parts[index] ?? "", field, expression));
  return { expression, allowed };
}

/** The first occurrence strictly after `after`. @throws Error when there is none, such as 30 February */
export function nextOccurrence(schedule: Schedule, after: Date): Date {
  const at = new Date(Math.floor(after.getTime() / 1000) * 1000 + 1000);
  const horizon = at.getUTCFullYear() + HORIZON_YEARS;
  while (at.getUTCFullYear() <= horizon) {
    if (!advance(schedule, at)) return at;
  }
  throw new Error(`Schedule "${schedule.expression}" never occurs.`);
}

/** Moves `at` on to the start of the next candidate of the coarsest field that does not match; false if all match. */
function advance(schedule: Schedule, at: Date): boolean {
  const [year, month, day, hour, minute] = [
    at.getUTCFullYear(),
    at.getUTCMonth(),
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
  ];
  const fits = (field: number, value: number): boolean => schedule.allowed[field]?.has(value) ?? false;
  if (!fits(4, month + 1)) at.setTime(Date.UTC(year, month + 1, 1));
  else if (!fits(3, day) || !fits(5, at.getUTCDay())) at.setTime(Date.UTC(year, month, day + 1));
  else if (!fits(2, hour)) at.setTime(Date.UTC(year, month, day, hour + 1));
  else if (!fits(1, minute)) at.setTime(Date.UTC(year, month, day, hour, minute + 1));
  else if (!fits(0, at.getUTCSeconds())) at.setTime(at.getTime() + 1000);
  else return false;
  return true;
}

function parseField(text: string, field: Field, expression: string): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
    if (match === null) throw new Error(`Schedule "${expression}": cannot read "${item}" in the ${field.name} field.`);
    const [, star, from, to, step] = match;
    const first = star === undefined ? toNumber(from ?? "", field, expression) : field.min;
    const last = rangeEnd(first, { star, to, step }, field, expression);
    const stride = step === undefined ? 1 : Number(step);
    if (stride === 0 || last < first) {
      throw new Error(`Schedule "${expression}": "${item}" in the ${field.name} field is empty.`);
    }
    for (let value = first; value <= last; value += stride) values.add(value);
  }
  return values;
}

function rangeEnd(
  first: number,
  item: { star: string | undefined; to: string | undefined; step: string | undefined },
  field: Field,
  expression: string,
): number {
  if (item.to !== undefined) return toNumber(item.to, field, expression);
  return item.star !== undefined || item.step !== undefined ? field.max : first;
}

function toNumber(text: string, field: Field, expression: string): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  const value = named >= 0 ? named + field.min : Number(text);
  if (Number.isInteger(value) && value >= field.min && value <= field.max) return value;
  throw new Error(`Schedule "${expression}": "${text}" is no ${field.name}; allowed are ${field.min} to ${field.max}.`);
}
