/** Every detection there is: to add one, add its file and a line here. */
export { appRoleGranted } from "./app-role-granted.ts";
export { containmentUndone } from "./containment-undone.ts";
export { credentialAddedToApplication } from "./credential-added-to-application.ts";
export { credentialAddedToServicePrincipal } from "./credential-added-to-service-principal.ts";
export { delegatedGrantAdded } from "./delegated-grant-added.ts";
export { directoryRoleAssigned } from "./directory-role-assigned.ts";
export { federatedCredentialAdded } from "./federated-credential-added.ts";
export { groupJoined } from "./group-joined.ts";
export { illicitConsent } from "./illicit-consent.ts";
export { ownerAdded } from "./owner-added.ts";
export { riskyServicePrincipal } from "./risky-service-principal.ts";
export { servicePrincipalRiskDetected } from "./service-principal-risk-detected.ts";
