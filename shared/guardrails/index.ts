/** The registry: one line a guardrail. Order is irrelevant: all must pass. */
export { alreadyRemediated } from "./already-remediated.ts";
export { approvalNeeded } from "./approval-needed.ts";
export { blastRadius } from "./blast-radius.ts";
export { breaker } from "./breaker.ts";
export { dependedOn } from "./depended-on.ts";
export { enabledAgain } from "./enabled-again.ts";
export { firstParty } from "./first-party.ts";
export { killSwitch } from "./kill-switch.ts";
export { neverSelf } from "./never-self.ts";
export { notBorneOut } from "./not-borne-out.ts";
export { oneActorBurst } from "./one-actor-burst.ts";
export { onlyCredential } from "./only-credential.ts";
export { otherTenants } from "./other-tenants.ts";
export { permitted } from "./permitted.ts";
export { protectedIdentity } from "./protected-identity.ts";
export { tierZero } from "./tier-zero.ts";
export { unusualKind } from "./unusual-kind.ts";
