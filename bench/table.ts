/** Results as a table for people. */
import type { BenchResult } from "./result.ts";

const head = ["name", "value", "unit", "baseline", "ratio", "budget", "within?"];

export function isWithin({ ratio, budget, direction }: BenchResult): boolean {
  return direction === "lower" ? ratio <= budget : ratio >= budget;
}

export function tableOf(results: readonly BenchResult[]): string {
  const rows = [head, ...results.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cellsOf(result: BenchResult): string[] {
  const { name, value, unit, baseline, ratio, budget, direction } = result;
  const limit = `${direction === "lower" ? "≤" : "≥"} ${budget}`;
  return [name, figure(value), unit, figure(baseline), ratio.toFixed(2), limit, isWithin(result) ? "yes" : "NO"];
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
