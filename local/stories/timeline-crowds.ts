// Many identities alike to which the same thing happens at about the same time are told in one line.
import type { Line } from "./timeline-line.ts";

/** Happenings of this long are taken together. */
export const TOGETHER_MS = 2_000;

interface Crowded {
  readonly crowd: string;
  readonly lines: Line[];
}

/**
 * In the order of time. A line about one of many is joined with those that say the same of others within `TOGETHER_MS`.
 * @param crowdOf the name that an identity shares with its copies; null: it has none
 */
export function joined(lines: readonly Line[], crowdOf: (who: string) => string | null): Line[] {
  const groups = new Map<string, Crowded>();
  const alone: Line[] = [];
  for (const line of lines) {
    const crowd = line.who === null ? null : crowdOf(line.who);
    if (crowd === null) {
      alone.push(line);
      continue;
    }
    const key = [crowd, line.what, Math.floor(line.at / TOGETHER_MS), withoutIds(line.text)].join("|");
    const group = groups.get(key) ?? { crowd, lines: [] };
    group.lines.push(line);
    groups.set(key, group);
  }
  return [...alone, ...[...groups.values()].map(inOne)].sort((a, b) => a.at - b.at);
}

function inOne({ crowd, lines }: Crowded): Line {
  const [first] = lines.toSorted((a, b) => a.at - b.at) as [Line, ...Line[]];
  const names = new Set(lines.map(({ who }) => who));
  if (names.size === 1) return first;
  return { ...first, who: crowd, text: `${names.size} of them: ${withoutIds(first.text)}` };
}

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const planId = /\bplan [\w-]{22}(?![\w-])/g;
const time = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const order = / \((detection|risky)-first\)/g;
const count = /blast radius is used up: \d+ disabled/g;

function withoutIds(text: string): string {
  return text
    .replaceAll(guid, "…")
    .replaceAll(planId, "plan …")
    .replaceAll(time, "…")
    .replaceAll(order, "")
    .replaceAll(count, "blast radius is used up: … disabled");
}
