/** What the consent gave goes again; and an application of somebody whom nobody vouches for gets no more tokens here. */
import { step } from "../actions/action.ts";
import { disableServicePrincipal } from "../actions/disable-service-principal.ts";
import { removeDelegatedGrants } from "../actions/remove-delegated-grants.ts";
import type { Finding } from "../domain/finding.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { Inventory, Playbook } from "./playbook.ts";

/** In an order of its own, so that the record's order makes no other plan. */
function grantsIn({ details }: Finding) {
  const grants =
    details.about === "delegated-grant-added" ? [details] : details.about === "consented" ? (details.grants ?? []) : [];
  return grants
    .filter(({ scopes }) => scopes.length > 0)
    .map(({ resourceId, scopes, consentType, principalId }) => ({
      resourceId,
      scopes: [...new Set(scopes)].sort(),
      consentType,
      principalId,
    }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function isUnvouched({ kind, publisherVerified }: Inventory): boolean {
  return kind === "foreign" && publisherVerified === false;
}

function containSteps(inventory: Inventory): readonly PlannedStep[] {
  if (!isUnvouched(inventory)) return [];
  const reason = "an application of another tenant, and Microsoft has not verified who publishes it";
  return [step(disableServicePrincipal, {}, { stage: "contain", reason })];
}

export const revokeIllicitGrant: Playbook = {
  id: "revoke-illicit-grant",
  version: 1,
  summary:
    "Removes the delegated permissions that a consent gave, and disables the application when it is foreign and its publisher unverified.",
  handles: ["illicit-consent", "tenant-wide-consent", "risky-consent-given", "delegated-grant-added"],
  kinds: [
    "home-single-tenant",
    "home-multi-tenant",
    "foreign",
    "legacy",
    "managed-identity",
    "agent",
    "agent-blueprint",
  ],
  manual: false,
  settle: null,
  plan(finding, inventory) {
    const grants = grantsIn(finding);
    const reason = "given by a consent that looks like phishing";
    const removal =
      grants.length === 0 ? [] : [step(removeDelegatedGrants, { grants }, { stage: "eradicate", reason })];
    const isAbout = ["consented", "delegated-grant-added"].includes(finding.details.about);
    return isAbout ? [...containSteps(inventory), ...removal] : [];
  },
  whyNot: (finding) =>
    grantsIn(finding).length > 0
      ? null
      : "the record does not say which delegated permissions were given; each that Entra logs apart makes a finding of its own",
};
