/** What was made lately may not have begun. */
import { dayMs, isoOf, wholeDays } from "../domain/day.ts";
import { type Exemption, exempt, notKnown } from "./exemption.ts";

export const tooYoung: Exemption = {
  id: "too-young",
  title: "Leaves alone what is younger than `minAgeDays`: it may not have begun.",
  check({ createdAt, now }, { minAgeDays }) {
    const born = createdAt === undefined ? null : isoOf(createdAt);
    if (createdAt === undefined || born === null) return notKnown("It is not known how old it is.");
    if (now - createdAt >= minAgeDays * dayMs) return null;
    const ageDays = Math.max(0, wholeDays(now - createdAt));
    return exempt(`It is younger than ${minAgeDays} days.`, { createdAt: born, ageDays, minAgeDays });
  },
  examples: {
    exempt: [
      { now: 1_000 * dayMs, createdAt: 911 * dayMs },
      { now: 1_000 * dayMs, createdAt: 1_001 * dayMs },
      { createdAt: undefined },
    ],
    not: [{ now: 1_000 * dayMs, createdAt: 910 * dayMs }],
  },
};
