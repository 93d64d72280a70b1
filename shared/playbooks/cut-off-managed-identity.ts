/** A managed identity cannot be disabled, and its tokens live for a day: what is left is to take its roles, one kind a step. */
import { step } from "../actions/action.ts";
import { removeManagedIdentityFederatedCredentials } from "../actions/remove-managed-identity-federated-credentials.ts";
import type { Inventory, Playbook } from "./playbook.ts";
import { privilegeSteps } from "./support/footholds.ts";

/** What a person who decides must know: where it runs, what stops there, and what only they can do. */
function consequence({ managedIdentity }: Inventory): string {
  const { resourceId = null, userAssigned = null } = managedIdentity ?? {};
  const host = resourceId === null ? "a resource that Graph does not name" : JSON.stringify(resourceId);
  const where =
    userAssigned === true
      ? `whatever uses the user-assigned identity ${host} loses it`
      : `what runs on ${host} loses it`;
  return `${where}, and tokens it has already go on for about 24 hours; detach the identity there next`;
}

export const cutOffManagedIdentity: Playbook = {
  id: "cut-off-managed-identity",
  version: 1,
  summary:
    "Takes every permission and role from a managed identity, which can be neither disabled nor deleted from here.",
  // a new resource is code that changed, and no reason to offer what cannot be given back; a person may start it all the same
  handles: ["risky-service-principal", "service-principal-risk-detected", "service-principal-granted", "risky-sign-in"],
  kinds: ["managed-identity"],
  manual: true,
  settle: null,
  plan(_finding, inventory) {
    const reason = "whoever the issuer vouches for signs in as this identity";
    return [
      step(
        removeManagedIdentityFederatedCredentials,
        { credentials: "all" },
        {
          stage: "eradicate",
          need: "optional",
          onFailure: "continue",
          reason,
        },
      ),
      ...privilegeSteps(consequence(inventory)),
    ];
  },
};
