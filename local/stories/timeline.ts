// The story as it is told: one line a happening, in the order of time, columns aligned.
import { styleText } from "node:util";
import { joined, TOGETHER_MS } from "./timeline-crowds.ts";
import type { Line, What } from "./timeline-line.ts";

export type Tell = (line: Omit<Line, "at"> & { readonly at?: number }) => void;

export interface Timeline {
  readonly tell: Tell;
  /** From now on the lines about `who` say how long after this they are. The first call counts. */
  riskAt(who: string, at: number): void;
  /** Prints what is old enough to be in order, or everything. */
  flush(everything?: boolean): void;
}

export interface TimelineOptions {
  readonly write: (text: string) => void;
  readonly colour: boolean;
  /** epoch ms of 0:00.0 */
  readonly startedAt: number;
  readonly names: readonly string[];
  /** How long after it happened a line may still come in, and so how late it is told; default 0. */
  readonly settleMs?: number;
  /** the name that an identity shares with its copies, which are told together; null: it has none */
  readonly crowdOf?: (who: string) => string | null;
}

const colours: Partial<Record<What, Parameters<typeof styleText>[0]>> = {
  attack: "red",
  entra: "magenta",
  changed: "green",
  done: "green",
  verified: "green",
  waits: "yellow",
  person: "cyan",
  trouble: "yellow",
  story: "dim",
};
const WIDEST_WHAT = 8;

export function createTimeline(options: TimelineOptions): Timeline {
  const risks = new Map<string, number>();
  let held: Line[] = [];

  function flush(everything = false): void {
    // what belongs together is told at once
    const until = everything ? Number.POSITIVE_INFINITY : floored(Date.now() - (options.settleMs ?? 0));
    const ready = held.filter(({ at }) => at < until);
    held = held.filter(({ at }) => at >= until);
    for (const line of joined(ready, options.crowdOf ?? (() => null)))
      options.write(`${formatLine(line, options, risks)}\n`);
  }

  return {
    tell: (line) => void held.push({ at: Date.now(), ...line }),
    riskAt(who, at) {
      if (!risks.has(who)) risks.set(who, at);
    },
    flush,
  };
}

function floored(at: number): number {
  return at - (at % TOGETHER_MS);
}

export function formatLine(
  { at, what, who, text }: Line,
  { colour, startedAt, names }: Pick<TimelineOptions, "colour" | "startedAt" | "names">,
  risks: ReadonlyMap<string, number>,
): string {
  const riskAt = who === null ? undefined : risks.get(who);
  const since = riskAt === undefined || at < riskAt ? "" : `+${((at - riskAt) / 1000).toFixed(2)} s`;
  const style = colours[what];
  const label = what.padEnd(WIDEST_WHAT);
  const shown = colour && style !== undefined ? styleText(style, label, { validateStream: false }) : label;
  const width = Math.max(0, ...names.map((name) => name.length));
  return `${clock(at - startedAt)}  ${since.padStart(9)}  ${shown}  ${(who ?? "").padEnd(width)}  ${printable(text)}`;
}

export function headings(names: readonly string[]): string {
  const width = Math.max(0, ...names.map((name) => name.length));
  return `${"time".padStart(7)}  ${"from risk".padStart(9)}  ${"what".padEnd(WIDEST_WHAT)}  ${"who".padEnd(width)}`.trimEnd();
}

function clock(ms: number): string {
  const tenths = Math.max(0, Math.floor(ms / 100));
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  return `${Math.floor(tenths / 600)}:${seconds}`.padStart(7);
}

/** One line, and nothing a terminal would obey: names in it are chosen by attackers. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}
