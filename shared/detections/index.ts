/** Every detection there is: to add one, add its file and a line here. */
export { credentialAddedToApplication } from "./credential-added-to-application.ts";
export { credentialAddedToServicePrincipal } from "./credential-added-to-service-principal.ts";
export { riskyServicePrincipal } from "./risky-service-principal.ts";
export { servicePrincipalRiskDetected } from "./service-principal-risk-detected.ts";
