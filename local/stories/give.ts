// What somebody gives an identity of the story: done by the twin's hands, and remembered under its label.

import { personId } from "../person-id.ts";
import { apiId, appRoleId } from "./apis.ts";
import { azureScope, holding, type Tenant, trusting } from "./cast.ts";
import type { Foothold, Member } from "./evidence.ts";
import { foothold, scopesOf } from "./footholds.ts";
import { actorOf, objectIdOf } from "./people.ts";
import { signingSet } from "./signing-sets.ts";
import { isPerson } from "./story.ts";
import type { Doing, Gift } from "./story-steps.ts";

interface Given {
  readonly foothold: Foothold;
  /** continues "somebody …" */
  readonly told: string;
}

/** @throws Error when the twin refuses it, which is a mistake of the story */
export function give(tenant: Tenant, member: Member, gift: Gift): Given {
  switch (gift.do) {
    case "add-secret":
    case "add-certificate":
      return addCredential(tenant, member, gift);
    case "add-signing-set": {
      const set = handsOf(tenant, gift).addSigningSet(member.id, `CN=${gift.label}`);
      const told = `adds the SAML signing set "${gift.label}" (Sign key and password ${set.signingKeyId}, Verify key ${set.verifyingKeyId})`;
      return { foothold: signingSet(set), told };
    }
    case "add-federated-credential":
      return addFederated(tenant, member, gift);
    case "grant-app-role":
      return grantAppRole(tenant, member, gift);
    case "grant-scope":
      return grantScope(tenant, member, gift);
    case "add-owner":
      return addOwner(tenant, member, gift);
    case "add-to-group":
      return addToGroup(tenant, member, gift);
    case "assign-role":
      return assignRole(tenant, member, gift);
    case "assign-azure-role":
      return assignAzureRole(tenant, member, gift);
  }
}

function handsOf({ twin, cast }: Tenant, { by }: Gift) {
  return twin.as(actorOf(cast, by));
}

/** The object a gift goes to: the application where there is one, unless the story says otherwise. */
export function objectOf(member: Member, on: "application" | "service-principal" | undefined) {
  if (member.applicationId === null || on === "service-principal")
    return { object: "servicePrincipal", id: member.id } as const;
  return { object: "application", id: member.applicationId } as const;
}

function addCredential(tenant: Tenant, member: Member, gift: Doing<"add-secret" | "add-certificate">): Given {
  const hands = handsOf(tenant, gift);
  const object = objectOf(member, gift.on);
  const where = gift.on === "service-principal" && member.applicationId !== null ? " on the service principal" : "";
  if (gift.do === "add-secret") {
    const { keyId, secret } = hands.addPassword(object, gift.label);
    const told = `adds the secret "${gift.label}"${where} (${keyId})`;
    return { foothold: { keys: [foothold.secret(keyId)], keyId, secret, trust: null }, told };
  }
  const { keyId } = hands.addKey(object, `CN=${gift.label}`, gift.usage);
  const told = `adds the certificate "${gift.label}"${where} (${keyId})`;
  return { foothold: { keys: [foothold.certificate(keyId)], keyId, secret: null, trust: null }, told };
}

function addFederated(tenant: Tenant, member: Member, gift: Doing<"add-federated-credential">): Given {
  const { label: name, issuer, subject } = gift;
  const hands = handsOf(tenant, gift);
  if (member.resourceId !== null) hands.addIdentityFederatedCredential(member.resourceId, { name, issuer, subject });
  else if (member.applicationId !== null) hands.addFederatedCredential(member.applicationId, { name, issuer, subject });
  else
    throw new Error(
      `${member.name} has neither an application nor an Azure resource to put a federated credential on.`,
    );
  return { foothold: trusting(issuer, subject), told: `lets "${subject}" of ${issuer} sign in as it` };
}

function grantAppRole(tenant: Tenant, member: Member, gift: Doing<"grant-app-role">): Given {
  const resourceId = apiId(tenant.twin, tenant.cast, gift.api);
  const roleId = appRoleId(tenant.twin, resourceId, gift.role);
  handsOf(tenant, gift).grantAppRole({ principalId: member.id, resourceId, appRoleId: roleId });
  return { foothold: holding(foothold.appRole(resourceId, roleId)), told: `grants it ${gift.role} on ${gift.api}` };
}

function grantScope(tenant: Tenant, member: Member, gift: Doing<"grant-scope">): Given {
  const resourceId = apiId(tenant.twin, tenant.cast, gift.api);
  const principalId = gift.person === undefined ? null : personId(gift.person);
  const { scope } = gift;
  const hands = handsOf(tenant, gift);
  const before = tenant.twin.state
    .grantsOf(member.id)
    .find((one) => one.resourceId === resourceId && one.principalId === principalId);
  if (before !== undefined) {
    const wider = [...new Set([...scopesOf(before.scope), ...scopesOf(scope)])].join(" ");
    hands.request({ method: "PATCH", path: `/oauth2PermissionGrants/${before.id}`, body: { scope: wider } });
  } else if (gift.consent) {
    const who = principalId === null ? {} : { userId: principalId };
    const { servicePrincipalId } = hands.consent({ appId: member.appId, resourceId, scope, ...who });
    if (member.id === "") tenant.cast.set(member.name, { ...member, id: servicePrincipalId });
  } else {
    const consentType = principalId === null ? "AllPrincipals" : "Principal";
    const body = { clientId: member.id, resourceId, scope, consentType, principalId };
    hands.request({ method: "POST", path: "/oauth2PermissionGrants", body });
  }
  const keys = scopesOf(scope).map((one) => foothold.grant(resourceId, principalId, one));
  const whose = gift.person ?? "everyone";
  return {
    foothold: holding(...keys),
    told: `${gift.consent ? "consents to" : "grants"} "${scope}" of ${gift.api} for ${whose}`,
  };
}

function addOwner(tenant: Tenant, member: Member, gift: Doing<"add-owner">): Given {
  const object = objectOf(member, gift.on);
  const ownerId = objectIdOf(tenant.cast, gift.owner);
  handsOf(tenant, gift).addOwner(object, ownerId);
  const what = isPerson(gift.owner) ? "" : "the identity ";
  const told = `makes ${what}${gift.owner} an owner of its ${object.object}`;
  return { foothold: holding(foothold.owner(object.id, ownerId)), told };
}

function addToGroup(tenant: Tenant, member: Member, gift: Doing<"add-to-group">): Given {
  const groupId = tenant.groups.get(gift.group) ?? "";
  handsOf(tenant, gift).addToGroup(groupId, member.id);
  return { foothold: holding(foothold.group(groupId)), told: `adds it to the group ${gift.group}` };
}

function assignRole(tenant: Tenant, member: Member, gift: Doing<"assign-role">): Given {
  const { role, scope, eligible, startsInSeconds, lastsSeconds } = gift;
  const hands = handsOf(tenant, gift);
  const startsAt = Date.now() + (startsInSeconds ?? 0) * 1000;
  const period = {
    ...(startsInSeconds === undefined ? {} : { startsAt }),
    ...(lastsSeconds === undefined ? {} : { endsAt: startsAt + lastsSeconds * 1000 }),
  };
  const terms = { principalId: member.id, roleDefinitionId: role, directoryScopeId: scope, ...period };
  if (eligible) hands.makeEligible(terms);
  else if (Object.keys(period).length > 0) hands.scheduleRole(terms);
  else hands.assignRole(terms);
  const key = foothold.role(eligible ? "eligible" : "active", role, scope);
  const when = startsInSeconds === undefined ? "" : `, in ${startsInSeconds} s`;
  return {
    foothold: holding(key),
    told: `makes it ${eligible ? "eligible for" : "a member of"} the role ${role} in ${scope}${when}`,
  };
}

function assignAzureRole(tenant: Tenant, member: Member, gift: Doing<"assign-azure-role">): Given {
  const scope = azureScope(tenant.twin, gift.scope);
  handsOf(tenant, gift).assignAzureRole({ principalId: member.id, roleDefinitionId: gift.role, scope });
  return {
    foothold: holding(foothold.azureRole(gift.role, scope)),
    told: `gives it the Azure role ${gift.role} on ${scope}`,
  };
}
