/** Contained and retired are different states: what was stopped as an attack is evidence, and goes on as its incident says. */
import { type Exemption, exempt, notKnown } from "./exemption.ts";

export const contained: Exemption = {
  id: "contained",
  title:
    "Leaves alone what we disabled because it was attacked: its incident decides, and it cannot be used meanwhile.",
  check({ disabledByUs }) {
    if (disabledByUs === undefined) return notKnown("It is not known whether we disabled it, and what for.");
    return disabledByUs === "contained" ? exempt("We disabled it because it was attacked.") : null;
  },
  examples: {
    exempt: [{ disabledByUs: "contained", enabled: false }, { disabledByUs: undefined }],
    not: [{ disabledByUs: null }, { disabledByUs: "retired", enabled: false }],
  },
};
