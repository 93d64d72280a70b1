/** An attacked identity is a matter of its incident: to retire it would hide what happened. */
import { type Exemption, exempt, notKnown } from "./exemption.ts";

export const underAttack: Exemption = {
  id: "under-attack",
  title: "Leaves alone what an open incident is about: its playbooks decide, and evidence stays where it is.",
  check({ underAttack: attacked }) {
    if (attacked === undefined) return notKnown("It is not known whether an incident is open about it.");
    return attacked ? exempt("An open incident is about it.") : null;
  },
  examples: { exempt: [{ underAttack: true }, { underAttack: undefined }], not: [{ underAttack: false }] },
};
