import type { BenchResult } from "./result.ts";
export async function run(): Promise<BenchResult[]> {
  return [];
}
