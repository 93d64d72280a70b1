/** Every benchmark by name, in the order they run. Loaded when run: most need more than a laptop's second. */
import type { BenchResult } from "./result.ts";

export const benchmarks: Readonly<Record<string, () => Promise<{ run(): Promise<BenchResult[]> }>>> = {
  "ingest-cpu": () => import("./ingest-cpu.ts"),
  "ingest-rate": () => import("./ingest-rate.ts"),
  "time-to-disabled": () => import("./time-to-disabled.ts"),
  "table-transactions": () => import("./table-transactions.ts"),
  "sign-in-transactions": () => import("./sign-in-transactions.ts"),
  "cold-start": () => import("./cold-start.ts"),
  throughput: () => import("./throughput.ts"),
  burst: () => import("./burst.ts"),
  "burst-eradicated": () => import("./burst-eradicated.ts"),
  "unused-scan": () => import("./unused-scan.ts"),
  "replay-mutated": () => import("./replay-mutated.ts"),
};
