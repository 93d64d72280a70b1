/** Results as a table for people. */
import { columns } from "../tools/text/columns.ts";
import type { BenchResult } from "./result.ts";

const head = ["name", "value", "unit", "baseline", "ratio", "budget", "within?"];

export function isWithin({ ratio, budget, direction }: BenchResult): boolean {
  return direction === "lower" ? ratio <= budget : ratio >= budget;
}

export function tableOf(results: readonly BenchResult[]): string {
  return columns([head, ...results.map(cellsOf)]);
}

function cellsOf(result: BenchResult): string[] {
  const { name, value, unit, baseline, ratio, budget, direction } = result;
  const limit = `${direction === "lower" ? "≤" : "≥"} ${budget}`;
  return [name, figure(value), unit, figure(baseline), ratio.toFixed(2), limit, isWithin(result) ? "yes" : "NO"];
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
