/** Changes by somebody else than us: an attacker, an administrator, the platform. No network, quota or fault in between. */

import { type AzureHands, createAzureHands } from "../azure/azure-hands.ts";
import { emitAudit, included, modified, namesOf } from "./audit-records.ts";
import { fields, type Reply } from "./call.ts";
import { createFootholdHands, type FootholdHands, type ObjectRef, pathOf } from "./foothold-hands.ts";
import { type HandsRequest, perform } from "./perform.ts";
import { createRoleHands, type RoleHands } from "./role-hands.ts";
import { addSigningSet, type SigningSet } from "./signing-sets.ts";
import type { Actor, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface Hands extends RoleHands, AzureHands, FootholdHands {
  /** Any change Graph knows. @throws Error when the twin refuses it */
  request(request: HandsRequest): Reply;
  addPassword(on: ObjectRef, displayName?: string): { readonly keyId: string; readonly secret: string };
  removePassword(on: ObjectRef, keyId: string): void;
  /** Adds a certificate and keeps those that are there. */
  addKey(on: ObjectRef, displayName?: string, usage?: "Verify" | "Sign"): { readonly keyId: string };
  addSigningSet(servicePrincipalId: string, displayName?: string): SigningSet;
  setAccountEnabled(servicePrincipalId: string, enabled: boolean): void;
}

function addKey(
  world: World,
  actor: Actor,
  on: ObjectRef,
  displayName: string,
  usage: "Verify" | "Sign",
): { readonly keyId: string } {
  const { applications, servicePrincipals } = world.directory;
  const present = (on.object === "application" ? applications : servicePrincipals).latest(on.id)?.keyCredentials ?? [];
  const keyId = world.random.guid();
  const key = Buffer.from(`MIIC${world.random.secret()}`).toString("base64");
  const added = { keyId, displayName, key, type: "AsymmetricX509Cert", usage };
  perform(world, actor, { method: "PATCH", path: pathOf(on), body: { keyCredentials: [...present, added] } });
  return { keyId };
}

export function createHands(world: World, actor: Actor): Hands {
  return {
    ...createRoleHands((request) => perform(world, actor, request)),
    ...createAzureHands(world, actor),
    ...createFootholdHands(world, actor),
    request: (request) => perform(world, actor, request),
    addPassword(on, displayName = "backup") {
      const body = { passwordCredential: { displayName } };
      const made = fields(perform(world, actor, { method: "POST", path: `${pathOf(on)}/addPassword`, body }).body);
      return { keyId: String(made.keyId), secret: String(made.secretText) };
    },
    removePassword: (on, keyId) =>
      void perform(world, actor, { method: "POST", path: `${pathOf(on)}/removePassword`, body: { keyId } }),
    addKey: (on, displayName = "CN=backup", usage = "Verify") => addKey(world, actor, on, displayName, usage),
    addSigningSet: (id, displayName) => addSigningSet(world, actor, id, displayName),
    setAccountEnabled: (id, accountEnabled) =>
      void perform(world, actor, { method: "PATCH", path: `/servicePrincipals/${id}`, body: { accountEnabled } }),
  };
}

const platform: Actor = {
  kind: "app",
  servicePrincipalId: "b9814691-9ca1-4e55-a1ac-8ef5dd010ec0",
  appId: "00000000-0000-0000-0000-000000000000",
  displayName: "Managed Service Identity",
};

function keyLine(key: ServicePrincipal["keyCredentials"][number]): string {
  return `[KeyIdentifier=${key.keyId},KeyType=${key.type},KeyUsage=${key.usage},DisplayName=${key.displayName ?? ""}]`;
}

/** What the platform does to every managed identity about each 45 days: adds a certificate. Benign, and in the audit log. */
export function rotateManagedIdentityCertificate(world: World, servicePrincipalId: string): void {
  const own = world.directory.servicePrincipals.latest(servicePrincipalId);
  const last = own?.keyCredentials.at(-1);
  if (!own || !last) throw new Error(`There is no managed identity with a certificate under ${servicePrincipalId}.`);
  const keyCredentials = [...own.keyCredentials, { ...last, keyId: world.random.guid() }];
  world.directory.servicePrincipals.put({ ...own, keyCredentials });
  const origin = {
    actor: platform,
    ip: "",
    userAgent: "Microsoft Azure Graph Client Library 2.1.17-internal",
    correlationId: world.random.guid(),
  };
  const target = (properties: readonly ReturnType<typeof modified>[]) =>
    [{ id: own.id, displayName: own.displayName, type: "ServicePrincipal", modifiedProperties: properties }] as const;
  const tail = [included("KeyDescription"), namesOf(own)];
  const change = modified("KeyDescription", own.keyCredentials.map(keyLine), keyCredentials.map(keyLine));
  const common = { operationType: "Update", appId: own.appId } as const;
  emitAudit(world, origin, {
    ...common,
    activity: "Add service principal credentials",
    targets: target([change, ...tail]),
  });
  emitAudit(world, origin, { ...common, activity: "Update service principal", targets: target(tail) });
}
