/** The registry: one line an action. */
export { confirmCompromised } from "./confirm-compromised.ts";
export { disableServicePrincipal } from "./disable-service-principal.ts";
export { removeAppRoleAssignments } from "./remove-app-role-assignments.ts";
export { removeDelegatedGrants } from "./remove-delegated-grants.ts";
export { removeFederatedCredentials } from "./remove-federated-credentials.ts";
export { removeGroupMemberships } from "./remove-group-memberships.ts";
export { removeKeyCredentials } from "./remove-key-credentials.ts";
export { removeOwners } from "./remove-owners.ts";
export { removeOwnerships } from "./remove-ownerships.ts";
export { removePasswordCredentials } from "./remove-password-credentials.ts";
