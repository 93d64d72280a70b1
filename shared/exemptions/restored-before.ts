/** We were wrong about it once. */
import { isoOf } from "../domain/day.ts";
import { type Exemption, exempt } from "./exemption.ts";

export const restoredBefore: Exemption = {
  id: "restored-before",
  title: "Leaves alone what people brought back once: we were wrong about it.",
  check({ restoredAt }) {
    return restoredAt === null
      ? null
      : exempt("It was retired once, and people brought it back.", { restoredAt: isoOf(restoredAt) });
  },
  examples: { exempt: [{ restoredAt: 1_000 }], not: [{ restoredAt: null }] },
};
