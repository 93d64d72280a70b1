/** What each playbook may do to each kind of identity at most, over everything it answers: written by hand, as a decision. */
import type { IdentityKind } from "../../shared/domain/identity.ts";

interface Row {
  readonly kinds: readonly IdentityKind[];
  readonly contain?: readonly string[];
  readonly eradicate?: readonly string[];
  readonly retire?: readonly string[];
}

/** Steps without which the plan goes on: a licence, beta or Azure may be lacking. */
export const optionalIn: Readonly<Record<string, readonly string[]>> = {
  "contain-agent": ["confirm-agent-compromised"],
  "contain-compromised-identity": ["remove-scheduled-directory-roles", "remove-azure-roles", "confirm-compromised"],
  "cut-off-managed-identity": [
    "remove-managed-identity-federated-credentials",
    "remove-scheduled-directory-roles",
    "remove-azure-roles",
  ],
  "delete-unused-identity": ["remove-scheduled-directory-roles", "remove-azure-roles"],
  "dismiss-and-restore": ["dismiss-risk"],
  "revoke-tokens": ["confirm-compromised", "confirm-agent-compromised"],
};

const home: readonly IdentityKind[] = ["home-single-tenant", "home-multi-tenant"];
const ordinary: readonly IdentityKind[] = [...home, "foreign"];
const agents: readonly IdentityKind[] = ["agent", "agent-blueprint"];
const disable = ["disable-service-principal"];
const credentials = ["remove-password-credentials", "remove-key-credentials"];
const federated = ["remove-federated-credentials"];
const privileges = [
  "remove-app-role-assignments",
  "remove-delegated-grants",
  "remove-directory-roles",
  "remove-scheduled-directory-roles",
  "remove-ownerships",
  "remove-group-memberships",
  "remove-azure-roles",
];
const added = [
  "remove-app-role-assignments",
  "remove-directory-roles",
  "remove-scheduled-directory-roles",
  "remove-group-memberships",
];

/** A kind that no row of a playbook names gets nothing from it. */
export const playbookRows: Readonly<Record<string, readonly Row[]>> = {
  "clean-first-party-principal": [{ kinds: ["microsoft-first-party"], eradicate: credentials }],
  "contain-agent": [{ kinds: agents, contain: ["disable-agent"], eradicate: ["confirm-agent-compromised"] }],
  "contain-compromised-identity": [
    {
      kinds: ["home-single-tenant"],
      contain: disable,
      eradicate: [...federated, ...credentials, ...privileges, "confirm-compromised"],
    },
    {
      kinds: ["home-multi-tenant"],
      contain: disable,
      eradicate: ["deactivate-application", ...federated, ...credentials, ...privileges, "confirm-compromised"],
    },
    { kinds: ["foreign"], contain: disable, eradicate: [...credentials, ...privileges, "confirm-compromised"] },
    { kinds: ["legacy"], eradicate: privileges },
  ],
  "cut-off-managed-identity": [
    { kinds: ["managed-identity"], eradicate: ["remove-managed-identity-federated-credentials", ...privileges] },
  ],
  "delete-unused-identity": [
    { kinds: home, retire: [...federated, ...privileges, "delete-application"] },
    { kinds: ["foreign"], retire: [...privileges, "delete-service-principal"] },
  ],
  "disable-unused-identity": [{ kinds: ordinary, retire: disable }],
  "dismiss-and-restore": [{ kinds: ordinary, eradicate: ["dismiss-risk"] }],
  "remove-added-credential": [{ kinds: ordinary, eradicate: credentials }],
  "remove-added-federated-credential": [{ kinds: [...home, "agent-blueprint"], eradicate: federated }],
  "remove-added-privilege": [
    { kinds: [...ordinary, "legacy"], eradicate: [...added, "remove-owners"] },
    { kinds: ["managed-identity", ...agents], eradicate: added },
  ],
  "remove-named-credentials": [{ kinds: ordinary, eradicate: credentials }],
  "remove-unused-credential": [{ kinds: ordinary, retire: credentials }],
  "revoke-illicit-grant": [
    { kinds: [...home, "legacy", "managed-identity", ...agents], eradicate: ["remove-delegated-grants"] },
    { kinds: ["foreign"], contain: disable, eradicate: ["remove-delegated-grants"] },
  ],
  "revoke-tokens": [
    { kinds: ordinary, contain: disable, eradicate: ["confirm-compromised"] },
    { kinds: agents, contain: ["disable-agent"], eradicate: ["confirm-agent-compromised"] },
  ],
};
