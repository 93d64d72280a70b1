/** We never act on the identity we run as: it is the one that could undo everything. */
import { type Guardrail, pass } from "./guardrail.ts";

export const neverSelf: Guardrail = {
  id: "never-self",
  title: "Keeps Tourniquet from acting on its own identity.",
  check({ self, facts }) {
    if (self === null)
      return { verdict: "defer", reason: "our own identity could not be learned from our token", lastly: "refuse" };
    const { appId, servicePrincipalId } = facts.identity;
    const isSelf = appId === self.appId || servicePrincipalId === self.servicePrincipalId;
    return isSelf ? { verdict: "refuse", reason: "this is the identity Tourniquet itself runs as" } : pass;
  },
};
