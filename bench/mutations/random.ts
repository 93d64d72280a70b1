/** Chance that can be had again: the same seed gives the same row of numbers (mulberry32, Tommy Ettinger, public domain). */

export interface Random {
  /** from 0 up to but not 1 */
  next(): number;
  /** an integer from 0 up to but not `below` */
  below(below: number): number;
  /** one of a list that must not be empty */
  pick<T>(from: readonly [T, ...T[]]): T;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { next, below, pick: ([first, ...rest]) => [first, ...rest][below(rest.length + 1)] ?? first };
}
