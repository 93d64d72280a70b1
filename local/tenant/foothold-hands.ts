/** Footholds by somebody else's hands: what attackers gain, and what administrators give and take. */
import { fields, type Reply } from "./call.ts";
import type { FederatedSeed } from "./federated-seeds.ts";
import { exchangeAudience } from "./federated-seeds.ts";
import { emitConsent } from "./grant-audits.ts";
import { graphAppId } from "./identity-seeds.ts";
import { addressOf, browser, type HandsRequest, perform } from "./perform.ts";
import type { Actor } from "./types.ts";
import type { World } from "./world.ts";

/** Which object: `application` and `servicePrincipal` by their own object ids. */
export interface ObjectRef {
  readonly object: "application" | "servicePrincipal";
  readonly id: string;
}

export interface AppRoleGift {
  readonly principalId: string;
  /** object id of the API's service principal */
  readonly resourceId: string;
  readonly appRoleId: string;
}

export interface Consent {
  /** of the client; its service principal is made where there is none */
  readonly appId: string;
  readonly scope: string;
  /** object id of the API's service principal; by default Microsoft Graph */
  readonly resourceId?: string;
  /** the user who consents for themselves; left out: an administrator, for everybody */
  readonly userId?: string;
  /** application permissions that the administrator agrees to in the same breath */
  readonly appRoleIds?: readonly string[];
}

export interface FootholdHands {
  /** @returns the assignment's id */
  grantAppRole(gift: AppRoleGift): string;
  takeAppRole(assignmentId: string): void;
  /** All records of one consent carry one correlation id. @returns the client's service principal and the grant */
  consent(consent: Consent): { readonly servicePrincipalId: string; readonly grantId: string };
  removeGrant(grantId: string): void;
  addOwner(on: ObjectRef, ownerId: string): void;
  removeOwner(on: ObjectRef, ownerId: string): void;
  /** @returns the credential's id */
  addFederatedCredential(applicationId: string, credential: FederatedSeed): string;
  removeFederatedCredential(applicationId: string, idOrName: string): void;
  addToGroup(groupId: string, memberId: string): void;
  removeFromGroup(groupId: string, memberId: string): void;
  createApplication(displayName: string, multiTenant?: boolean): { readonly id: string; readonly appId: string };
  /** @returns its object id */
  createServicePrincipal(appId: string, enabled?: boolean): string;
  /** soft: it waits among the deleted items */
  deleteObject(on: ObjectRef): void;
  restore(id: string): void;
  purge(id: string): void;
  /** `isDisabled` of an application */
  setApplicationDisabled(applicationId: string, isDisabled: boolean): void;
  confirmCompromised(servicePrincipalIds: readonly string[]): void;
  dismissRisk(servicePrincipalIds: readonly string[]): void;
}

export function pathOf(on: ObjectRef): string {
  return `/${on.object}s/${on.id}`;
}

type Send = (method: HandsRequest["method"], path: string, body?: unknown, more?: Partial<HandsRequest>) => Reply;

function sender(world: World, actor: Actor): Send {
  return (method, path, body, more = {}) =>
    perform(world, actor, { ...(body === undefined ? {} : { body }), ...more, method, path });
}

function made(reply: Reply): string {
  return String(fields(reply.body).id);
}

function reference(id: string): object {
  return { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}` };
}

function consentTo(world: World, actor: Actor, send: Send, consent: Consent): ReturnType<FootholdHands["consent"]> {
  const { servicePrincipalByAppId, servicePrincipals, grants } = world.directory;
  const more = { correlationId: world.random.guid() };
  const known = servicePrincipals.latest(servicePrincipalByAppId.get(consent.appId) ?? "")?.id;
  const clientId = known ?? made(send("POST", "/servicePrincipals", { appId: consent.appId }, more));
  const resourceId = consent.resourceId ?? servicePrincipalByAppId.get(graphAppId) ?? "";
  const principalId = consent.userId ?? null;
  const consentType = principalId === null ? "AllPrincipals" : "Principal";
  const body = { clientId, resourceId, scope: consent.scope, consentType, principalId };
  const grantId = made(send("POST", "/oauth2PermissionGrants", body, more));
  for (const appRoleId of consent.appRoleIds ?? []) {
    const gift = { principalId: clientId, resourceId, appRoleId };
    send("POST", `/servicePrincipals/${resourceId}/appRoleAssignedTo`, gift, more);
  }
  const origin = { actor, ip: addressOf(actor), userAgent: browser, ...more };
  const granted = grants.present((one) => one.id === grantId, clientId);
  emitConsent(world, origin, clientId, granted, consent.userId === undefined);
  return { servicePrincipalId: clientId, grantId };
}

function federate(send: Send, applicationId: string, credential: FederatedSeed): string {
  const { name, issuer, subject, expression, audience = exchangeAudience } = credential;
  const path = `/applications/${applicationId}/federatedIdentityCredentials`;
  const common = { name, issuer, audiences: [audience] };
  if (expression === undefined) return made(send("POST", path, { ...common, subject }));
  const claimsMatchingExpression = { value: expression, languageVersion: 1 };
  return made(send("POST", path, { ...common, claimsMatchingExpression }, { version: "beta" }));
}

function createRelations(world: World, actor: Actor, send: Send) {
  return {
    grantAppRole: (gift) => made(send("POST", `/servicePrincipals/${gift.resourceId}/appRoleAssignedTo`, gift)),
    takeAppRole(assignmentId) {
      const resourceId = world.directory.assignments.latest(assignmentId)?.resourceId ?? "";
      send("DELETE", `/servicePrincipals/${resourceId}/appRoleAssignedTo/${assignmentId}`);
    },
    consent: (consent) => consentTo(world, actor, send, consent),
    removeGrant: (id) => void send("DELETE", `/oauth2PermissionGrants/${id}`),
    addOwner: (on, ownerId) => void send("POST", `${pathOf(on)}/owners/$ref`, reference(ownerId)),
    removeOwner: (on, ownerId) => void send("DELETE", `${pathOf(on)}/owners/${ownerId}/$ref`),
    addFederatedCredential: (id, credential) => federate(send, id, credential),
    removeFederatedCredential: (id, key) =>
      void send("DELETE", `/applications/${id}/federatedIdentityCredentials/${encodeURIComponent(key)}`),
    addToGroup: (groupId, memberId) => void send("POST", `/groups/${groupId}/members/$ref`, reference(memberId)),
    removeFromGroup: (groupId, memberId) => void send("DELETE", `/groups/${groupId}/members/${memberId}/$ref`),
  } satisfies Partial<FootholdHands>;
}

export function createFootholdHands(world: World, actor: Actor): FootholdHands {
  const send = sender(world, actor);
  const risk = "/identityProtection/riskyServicePrincipals";
  return {
    ...createRelations(world, actor, send),
    createApplication(displayName, multiTenant = false) {
      const signInAudience = multiTenant ? "AzureADMultipleOrgs" : "AzureADMyOrg";
      const { id, appId } = fields(send("POST", "/applications", { displayName, signInAudience }).body);
      return { id: String(id), appId: String(appId) };
    },
    createServicePrincipal: (appId, accountEnabled = true) =>
      made(send("POST", "/servicePrincipals", { appId, accountEnabled })),
    deleteObject: (on) => void send("DELETE", pathOf(on)),
    restore: (id) => void send("POST", `/directory/deletedItems/${id}/restore`),
    purge: (id) => void send("DELETE", `/directory/deletedItems/${id}`),
    setApplicationDisabled: (id, isDisabled) => void send("PATCH", `/applications/${id}`, { isDisabled }),
    confirmCompromised: (servicePrincipalIds) =>
      void send("POST", `${risk}/confirmCompromised`, { servicePrincipalIds }),
    dismissRisk: (servicePrincipalIds) => void send("POST", `${risk}/dismiss`, { servicePrincipalIds }),
  };
}
