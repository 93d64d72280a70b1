/** Disable first; then every credential, permission and role, on both objects; and tell Identity Protection last. */
import { step } from "../actions/action.ts";
import { confirmCompromised } from "../actions/confirm-compromised.ts";
import { deactivateApplication } from "../actions/deactivate-application.ts";
import { disableServicePrincipal } from "../actions/disable-service-principal.ts";
import { removeFederatedCredentials } from "../actions/remove-federated-credentials.ts";
import { removeOwners } from "../actions/remove-owners.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { Inventory, Playbook } from "./playbook.ts";
import { credentialSteps, privilegeSteps } from "./support/footholds.ts";

const stage = "eradicate";

/** Owners may activate the application again, as soon as it is deactivated: where the policy says so, they go before that. */
function deactivationSteps({ ownersFirst }: Inventory): readonly PlannedStep[] {
  const options = { stage, kinds: ["home-multi-tenant"], onFailure: "continue" } as const;
  const owners = step(
    removeOwners,
    { object: "application", objectId: null, owners: "all" },
    { ...options, reason: "an owner could activate it again; the policy leaves that to administrators" },
  );
  const said = ownersFirst ? "" : "; its owners can undo this, so look at them first";
  return [
    ...(ownersFirst ? [owners] : []),
    step(deactivateApplication, {}, { ...options, reason: `stops new tokens in the other tenants that use it${said}` }),
  ];
}

export const containCompromisedIdentity: Playbook = {
  id: "contain-compromised-identity",
  version: 3,
  summary:
    "Disables the service principal, then takes every credential, permission and role from it and from its home application.",
  handles: [
    "risky-service-principal",
    "service-principal-risk-detected",
    "containment-undone",
    "service-principal-granted",
    "credential-used-at-once",
    "risky-sign-in",
    "blocked-by-conditional-access",
    "sign-in-outside-trusted-locations",
  ],
  kinds: ["home-single-tenant", "home-multi-tenant", "foreign", "legacy", "unknown"],
  plannedUnseen: true,
  manual: true,
  settle: null,
  plan: (_finding, inventory) => [
    step(disableServicePrincipal, {}, { stage: "contain", reason: "stops new tokens in this tenant" }),
    ...deactivationSteps(inventory),
    step(
      removeFederatedCredentials,
      { credentials: "all" },
      {
        stage,
        onFailure: "continue",
        reason: "whoever the issuer vouches for signs in without a secret",
      },
    ),
    ...credentialSteps(["servicePrincipal", "application"]),
    ...privilegeSteps(),
    step(confirmCompromised, {}, { stage, need: "optional", reason: "risk history for the next investigator" }),
  ],
};
