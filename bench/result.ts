/** One figure of a benchmark: a value beside a baseline measured in the same run. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** what `value` is compared with, in the same unit */
  readonly baseline: number;
  readonly ratio: number;
  /** what the ratio should keep to */
  readonly budget: number;
  readonly direction: "lower" | "higher";
}
