/** Somebody holds it until a day, in the policy or at run time. */
import { isoOf } from "../domain/day.ts";
import { type Exemption, exempt } from "./exemption.ts";

export const held: Exemption = {
  id: "held",
  title: "Leaves alone what somebody holds, until the day that they named.",
  check({ held: hold, now }) {
    // an end that cannot be read has not come
    if (hold === null || hold.until <= now) return null;
    const until = isoOf(hold.until);
    const words = until === null ? "It is held." : `It is held until ${until.slice(0, 10)}.`;
    return exempt(words, { until, reason: hold.reason, by: hold.by });
  },
  examples: {
    exempt: [{ now: 1_000, held: { until: 1_001, reason: "the yearly close", by: "policy" } }],
    not: [{ held: null }, { now: 1_000, held: { until: 1_000, reason: "the yearly close", by: "policy" } }],
  },
};
