/** The registry: one line an exemption. All that apply are told, what is known before what is not. */
export { agent } from "./agent.ts";
export { applicationProxy } from "./application-proxy.ts";
export { calledByOthers } from "./called-by-others.ts";
export { contained } from "./contained.ts";
export { disabledElsewhere } from "./disabled-elsewhere.ts";
export { firstParty } from "./first-party.ts";
export { held } from "./held.ts";
export { managedIdentity } from "./managed-identity.ts";
export { protectedIdentity } from "./protected-identity.ts";
export { provisioningAndSync } from "./provisioning-and-sync.ts";
export { restoredBefore } from "./restored-before.ts";
export { singleSignOn } from "./single-sign-on.ts";
export { tagged } from "./tagged.ts";
export { tooYoung } from "./too-young.ts";
export { underAttack } from "./under-attack.ts";
export { unknownKind } from "./unknown-kind.ts";
