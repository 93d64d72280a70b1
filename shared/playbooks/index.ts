/** The registry: one line a playbook. */
export { containCompromisedIdentity } from "./contain-compromised-identity.ts";
export { removeAddedCredential } from "./remove-added-credential.ts";
