/**
 * What a workload identity is to us: one application and its service principals, known by tenant and appId.
 * A display name is attacker-chosen text and never part of it.
 */
import { z } from "zod";

export const Guid = z.guid().transform((value) => value.toLowerCase());

/** The ids a record or a Graph object carries for one identity. Without any of the three it names nobody (see `Topic`). */
export const IdentityRef = z.object({
  tenantId: Guid,
  appId: Guid.nullable(),
  servicePrincipalId: Guid.nullable(),
  applicationObjectId: Guid.nullable(),
});
export type IdentityRef = z.infer<typeof IdentityRef>;

/** What Graph says the identity is; decided from facts, never from names (see `engine/identity-kind.ts`). */
export const IdentityKind = z.enum([
  "home-single-tenant",
  "home-multi-tenant",
  "foreign",
  "managed-identity",
  "microsoft-first-party",
  /** an agent identity: its credentials live on its blueprint */
  "agent",
  /** an agent identity blueprint, or its principal: what is done to it is done to every agent of it */
  "agent-blueprint",
  "legacy",
  "unknown",
]);
export type IdentityKind = z.infer<typeof IdentityKind>;

/**
 * The key under which everything about one identity is stored: `tenantId|appId`. A service principal without an appId is
 * `tenantId|sp:objectId`; an id whose meaning is not known yet is `tenantId|object:objectId` (an unresolved finding).
 */
export type IdentityKey = string;

export function identityKey(tenantId: string, appId: string): IdentityKey {
  return `${tenantId}|${appId}`;
}

export function servicePrincipalKey(tenantId: string, servicePrincipalId: string): IdentityKey {
  return `${tenantId}|sp:${servicePrincipalId}`;
}

/** The key that an identity's own ids give; null when neither appId nor service principal is known. */
export function keyOfRef({ tenantId, appId, servicePrincipalId }: IdentityRef): IdentityKey | null {
  if (appId !== null) return identityKey(tenantId, appId);
  return servicePrincipalId === null ? null : servicePrincipalKey(tenantId, servicePrincipalId);
}

export function unresolvedKey(tenantId: string, objectId: string): IdentityKey {
  return `${tenantId}|object:${objectId}`;
}

export function nobodyIn(tenantId: string): IdentityRef {
  return { tenantId, appId: null, servicePrincipalId: null, applicationObjectId: null };
}

/**
 * The ids that the key itself holds: Graph is asked by these, never by what a record claims beside them. A key that is no
 * identity's holds none.
 */
export function refOfKey(key: IdentityKey): IdentityRef {
  const tenantId = tenantOf(key);
  const id = key.slice(tenantId.length + 1);
  const isPrincipal = id.startsWith("sp:");
  if (!isPrincipal && id.includes(":")) return nobodyIn(tenantId);
  return {
    tenantId,
    appId: isPrincipal ? null : id,
    servicePrincipalId: isPrincipal ? id.slice(3) : null,
    applicationObjectId: null,
  };
}

/** Where lies what holds the whole tenant: what people set, protected and took back. */
export function safetyKey(tenantId: string): IdentityKey {
  return `${tenantId}|safety`;
}

/** Where lies what people said about retiring identities: one signed word each. */
export function unusedKey(tenantId: string): IdentityKey {
  return `${tenantId}|unused`;
}

/** Where findings lie that are about no workload identity (`Topic`): nothing is ever planned there. */
export function topicKey(tenantId: string, topic: { readonly kind: string; readonly id: string }): IdentityKey {
  return `${tenantId}|topic:${topic.kind}:${topic.id}`;
}

export function isTopic(key: IdentityKey): boolean {
  return key.includes("|topic:");
}

/** Null: the key is an identity's, or that of an id nobody knows yet. */
export function topicOfKey(key: IdentityKey): { readonly kind: string; readonly id: string } | null {
  const [, kind, id] = /\|topic:([^:]*):(.*)$/s.exec(key) ?? [];
  return kind === undefined || id === undefined ? null : { kind, id };
}

export function namesNobody({ appId, servicePrincipalId, applicationObjectId }: IdentityRef): boolean {
  return appId === null && servicePrincipalId === null && applicationObjectId === null;
}

export function isUnresolved(key: IdentityKey): boolean {
  return key.includes("|object:");
}

export function tenantOf(key: IdentityKey): string {
  return key.slice(0, key.indexOf("|"));
}
