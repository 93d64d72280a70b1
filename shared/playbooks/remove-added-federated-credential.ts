/** Surgical: exactly the issuers, subjects and audiences that the event says were added, whatever they are named. */
import { step } from "../actions/action.ts";
import { removeFederatedCredentials } from "../actions/remove-federated-credentials.ts";
import type { Playbook } from "./playbook.ts";

export const removeAddedFederatedCredential: Playbook = {
  id: "remove-added-federated-credential",
  version: 1,
  summary: "Removes exactly the federated credentials that were added to the home application.",
  handles: ["federated-credential-added", "federated-issuer-replaced"],
  manual: false,
  settle: "addedCredentialMinutes",
  plan({ details }) {
    if (details.about !== "federated-credential-added") return [];
    const credentials = details.added.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const reason = "whoever the issuer vouches for signs in without a secret, and nobody is known to need it";
    return [step(removeFederatedCredentials, { credentials }, { stage: "eradicate", reason })];
  },
  whyNot: ({ details }) =>
    details.about === "federated-credential-added" ? null : "the finding names no added federated credential",
};
