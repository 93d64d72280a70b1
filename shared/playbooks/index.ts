/** The registry: one line a playbook. */
export { cleanFirstPartyPrincipal } from "./clean-first-party-principal.ts";
export { containAgent } from "./contain-agent.ts";
export { containCompromisedIdentity } from "./contain-compromised-identity.ts";
export { cutOffManagedIdentity } from "./cut-off-managed-identity.ts";
export { deleteUnusedIdentity } from "./delete-unused-identity.ts";
export { disableUnusedIdentity } from "./disable-unused-identity.ts";
export { dismissAndRestore } from "./dismiss-and-restore.ts";
export { removeAddedCredential } from "./remove-added-credential.ts";
export { removeAddedFederatedCredential } from "./remove-added-federated-credential.ts";
export { removeAddedPrivilege } from "./remove-added-privilege.ts";
export { removeNamedCredentials } from "./remove-named-credentials.ts";
export { removeUnusedCredential } from "./remove-unused-credential.ts";
export { revokeIllicitGrant } from "./revoke-illicit-grant.ts";
export { revokeTokens } from "./revoke-tokens.ts";
