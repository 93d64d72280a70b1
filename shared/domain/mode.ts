/** How far a machine may go. `notify` is weaker than `observe`: a person hears of it and nothing is planned. */
import { z } from "zod";

export const Mode = z.enum(["observe", "approve", "enforce"]);
export type Mode = z.infer<typeof Mode>;

export const Ceiling = z.enum(["notify", "observe", "approve", "enforce"]);
export type Ceiling = z.infer<typeof Ceiling>;

const order: Record<Ceiling, number> = { notify: 0, observe: 1, approve: 2, enforce: 3 };

export function strictest(...modes: readonly [Ceiling, ...Ceiling[]]): Ceiling {
  return modes.reduce((a, b) => (order[b] < order[a] ? b : a));
}

export function mostPermissive(...modes: readonly Ceiling[]): Ceiling {
  return modes.reduce((a, b) => (order[b] > order[a] ? b : a), "notify");
}

/** True when `mode` permits at least what `than` permits. */
export function atLeast(mode: Ceiling, than: Ceiling): boolean {
  return order[mode] >= order[than];
}
