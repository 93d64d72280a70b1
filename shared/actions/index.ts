/** The registry: one line an action. */
export { confirmCompromised } from "./confirm-compromised.ts";
export { disableServicePrincipal } from "./disable-service-principal.ts";
export { removeKeyCredentials } from "./remove-key-credentials.ts";
export { removePasswordCredentials } from "./remove-password-credentials.ts";
