/** Nobody used it: disabled, after the time that its owners have to say otherwise. Whoever misses it says so, and one undo brings it back. */
import { step } from "../actions/action.ts";
import { disableServicePrincipal } from "../actions/disable-service-principal.ts";
import type { Playbook } from "./playbook.ts";
import { whyNotRetired } from "./support/retiring.ts";

export const disableUnusedIdentity: Playbook = {
  id: "disable-unused-identity",
  version: 1,
  summary: "Disables the service principal of an identity that nobody uses, after its owners had time to keep it.",
  handles: ["unused-identity"],
  kinds: ["home-single-tenant", "home-multi-tenant", "foreign"],
  // a scan knows the kind before the writer has looked
  plannedUnseen: true,
  manual: false,
  settle: "noticeDays",
  plan({ details }) {
    if (details.about !== "unused" || details.phase !== "disable") return [];
    const reason = `nobody used it for ${details.windowDays} days: whoever misses it now will say so`;
    return [step(disableServicePrincipal, {}, { stage: "retire", reason })];
  },
  whyNot: (finding) => whyNotRetired(finding, "disable"),
};
