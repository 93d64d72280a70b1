/** Disable first; then every credential, permission and role, on both objects; and tell Identity Protection last. */
import { step } from "../actions/action.ts";
import { confirmCompromised } from "../actions/confirm-compromised.ts";
import { deactivateApplication } from "../actions/deactivate-application.ts";
import { disableServicePrincipal } from "../actions/disable-service-principal.ts";
import { removeFederatedCredentials } from "../actions/remove-federated-credentials.ts";
import type { Playbook } from "./playbook.ts";
import { credentialSteps, privilegeSteps } from "./support/footholds.ts";

const stage = "eradicate";

export const containCompromisedIdentity: Playbook = {
  id: "contain-compromised-identity",
  version: 2,
  summary:
    "Disables the service principal, then takes every credential, permission and role from it and from its home application.",
  handles: ["risky-service-principal", "service-principal-risk-detected", "containment-undone"],
  kinds: ["home-single-tenant", "home-multi-tenant", "foreign", "legacy", "unknown"],
  plannedUnseen: true,
  manual: true,
  settle: null,
  plan: () => [
    step(disableServicePrincipal, {}, { stage: "contain", reason: "stops new tokens in this tenant" }),
    step(
      deactivateApplication,
      {},
      {
        stage,
        kinds: ["home-multi-tenant"],
        onFailure: "continue",
        reason: "stops new tokens in the other tenants that use it; its owners can undo this, so look at them first",
      },
    ),
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
