/** Figures out of noisy samples. */

/** Of an even number of samples the upper one of the two in the middle. NaN when there are none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
