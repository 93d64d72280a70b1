/** Surgical: exactly the keyIds that the event says were added, on exactly that object. Ambiguous means nothing is done. */
import type { Playbook } from "./playbook.ts";
import { ambiguity, removalOfAdded } from "./support/added-credentials.ts";

export const removeAddedCredential: Playbook = {
  id: "remove-added-credential",
  version: 1,
  summary: "Removes exactly the credentials that were added, from exactly the object they were added to.",
  handles: [
    "credential-added-to-application",
    "first-credential-added",
    "application-created-with-credentials",
    "credential-added-to-service-principal",
    "saml-signing-certificate-added",
  ],
  kinds: [
    "home-single-tenant",
    "home-multi-tenant",
    "foreign",
    "managed-identity",
    "agent",
    "agent-blueprint",
    "legacy",
    "unknown",
  ],
  plannedUnseen: true,
  manual: false,
  settle: "addedCredentialMinutes",
  plan: (finding) => removalOfAdded(finding, "added without a known need"),
  whyNot: ambiguity,
};
