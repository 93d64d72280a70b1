/** Disable first; then every client secret and certificate, on both objects; and tell Identity Protection last. */
import { step } from "../actions/action.ts";
import { confirmCompromised } from "../actions/confirm-compromised.ts";
import { disableServicePrincipal } from "../actions/disable-service-principal.ts";
import { removeKeyCredentials } from "../actions/remove-key-credentials.ts";
import { removePasswordCredentials } from "../actions/remove-password-credentials.ts";
import type { Playbook } from "./playbook.ts";

const eradicate = "eradicate" as const;

export const containCompromisedIdentity: Playbook = {
  id: "contain-compromised-identity",
  version: 1,
  summary:
    "Disables the service principal, then removes every client credential from it and from its home application.",
  handles: ["risky-service-principal", "service-principal-risk-detected"],
  manual: true,
  settle: null,
  plan: () => [
    step(disableServicePrincipal, {}, { stage: "contain", reason: "stops new tokens in this tenant" }),
    ...(["servicePrincipal", "application"] as const).flatMap((object) => {
      const target = { object, objectId: null, keyIds: "all" as const };
      const reason = `a credential left on the ${object} is a way back in`;
      return [
        step(removePasswordCredentials, target, { stage: eradicate, reason, onFailure: "continue" }),
        step(removeKeyCredentials, target, { stage: eradicate, reason, onFailure: "continue" }),
      ];
    }),
    step(
      confirmCompromised,
      {},
      { stage: eradicate, need: "optional", reason: "risk history for the next investigator" },
    ),
  ],
};
