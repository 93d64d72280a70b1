/** A Microsoft first-party service principal is never disabled or emptied: exactly the added keyIds go, and at once. */
import type { Playbook } from "./playbook.ts";
import { ambiguity, removalOfAdded } from "./support/added-credentials.ts";

export const cleanFirstPartyPrincipal: Playbook = {
  id: "clean-first-party-principal",
  version: 1,
  summary: "Removes exactly the credentials that were added to a Microsoft first-party service principal.",
  handles: ["credential-added-to-service-principal"],
  kinds: ["microsoft-first-party"],
  manual: false,
  settle: null,
  plan(finding) {
    const { details } = finding;
    const isOnPrincipal = details.about === "credential-added" && details.object === "servicePrincipal";
    const reason = "no client secret of a tenant's own is known to be needed there; Exchange hybrid adds a certificate";
    return isOnPrincipal ? removalOfAdded(finding, reason) : [];
  },
  whyNot: ambiguity,
};
