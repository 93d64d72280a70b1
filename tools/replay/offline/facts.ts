/**
 * What would be known of an identity: nothing, or, to see what is left to decide, that it is of a usual kind and that nothing
 * depends on it. What comes out differently under the two hangs on what only the tenant can tell.
 */
import type { Finding } from "../../../shared/domain/finding.ts";
import type { IdentityKind, IdentityRef } from "../../../shared/domain/identity.ts";
import type { PasswordCredential, ServicePrincipal } from "../../../shared/domain/snapshot.ts";
import { kindOf } from "../../../shared/engine/snapshot/identity-kind.ts";
import type { Facts } from "../../../shared/engine/snapshot/read-facts.ts";

export function unknownFacts(now: number, identity: IdentityRef, kind: IdentityKind): Facts {
  return {
    readAt: now,
    servicePrincipal: undefined,
    application: undefined,
    kind,
    identity,
    assignedUsers: null,
    clientApplications: null,
    delegatedGrants: null,
    managedIdentity: null,
    heldAppRoles: null,
    unread: ["a replay has no tenant"],
    bodies: new Map(),
    retryAfterMs: null,
  };
}

/** The leaked credentials are still there, and another one besides. */
export function harmlessFacts(
  now: number,
  identity: IdentityRef,
  kind: IdentityKind,
  findings: readonly Finding[],
): Facts {
  const leaked = findings.flatMap(({ details }) => (details.about === "risk" ? details.keyIds : []));
  const passwordCredentials = [anotherKey, ...leaked].map(credential);
  return {
    ...unknownFacts(now, identity, kind),
    servicePrincipal: { ...principalOf(identity), passwordCredentials },
    application: {
      id: identity.applicationObjectId ?? nobody,
      appId: identity.appId ?? nobody,
      displayName: null,
      signInAudience: null,
      createdDateTime: null,
      "@odata.type": null,
      passwordCredentials: [],
    },
    assignedUsers: 0,
    clientApplications: 0,
    delegatedGrants: 0,
    heldAppRoles: [],
    unread: [],
  };
}

const nobody = "00000000-0000-0000-0000-000000000000";
const anotherKey = "ffffffff-ffff-ffff-ffff-ffffffffffff";

function credential(keyId: string): PasswordCredential {
  return { keyId, customKeyIdentifier: null, displayName: null, hint: null, startDateTime: null, endDateTime: null };
}

function principalOf({ servicePrincipalId, appId }: IdentityRef): ServicePrincipal {
  return {
    id: servicePrincipalId ?? nobody,
    appId,
    accountEnabled: true,
    displayName: null,
    appOwnerOrganizationId: null,
    servicePrincipalType: null,
    signInAudience: null,
    preferredSingleSignOnMode: null,
    disabledByMicrosoftStatus: null,
    alternativeNames: [],
    verifiedPublisher: null,
    "@odata.type": null,
    passwordCredentials: [],
  };
}

/** Microsoft's own resources are known by their appIds. `unknown` for everybody else. */
export function kindByAppId(identity: IdentityRef): IdentityKind {
  return kindOf(principalOf(identity), undefined, identity.tenantId);
}
