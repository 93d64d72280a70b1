/**
 * What somebody else disabled has no sign-ins because of that, and they may have a reason. What we ourselves retired goes on to be judged
 * by its use.
 */
import { type Exemption, exempt, notKnown } from "./exemption.ts";

export const disabledElsewhere: Exemption = {
  id: "disabled-elsewhere",
  title: "Leaves alone what somebody else disabled: who did it decides, and it cannot be used meanwhile.",
  check({ enabled, disabledByUs }) {
    if (enabled === undefined) return notKnown("It is not known whether it is disabled.");
    if (enabled !== false || disabledByUs === "contained" || disabledByUs === "retired") return null;
    if (disabledByUs === undefined) return notKnown("It is disabled, and it is not known by whom.");
    return exempt("It is disabled, and not by us.");
  },
  examples: {
    exempt: [
      { enabled: false, disabledByUs: null },
      { enabled: false, disabledByUs: undefined },
      { enabled: undefined },
    ],
    not: [{ enabled: true }, { enabled: null }, { enabled: false, disabledByUs: "retired" }],
  },
};
