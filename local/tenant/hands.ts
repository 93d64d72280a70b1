/** Changes by somebody else than us: an attacker, an administrator, the platform. No network, quota or fault in between. */

import { type AzureHands, createAzureHands } from "../azure/azure-hands.ts";
import { admit } from "./admission.ts";
import { emitAudit, included, modified, namesOf } from "./audit-records.ts";
import { type Call, fields, type Reply } from "./call.ts";
import { actorId, handle } from "./dispatch.ts";
import { createRoleHands, type RoleHands } from "./role-hands.ts";
import type { Actor, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface HandsRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** below `/v1.0`, e.g. `/applications/{id}/addPassword` */
  readonly path: string;
  readonly body?: unknown;
}

/** Which object: `application` and `servicePrincipal` by their own object ids. */
export interface ObjectRef {
  readonly object: "application" | "servicePrincipal";
  readonly id: string;
}

export interface Hands extends RoleHands, AzureHands {
  /** Any change Graph knows. @throws Error when the twin refuses it */
  request(request: HandsRequest): Reply;
  addPassword(on: ObjectRef, displayName?: string): { readonly keyId: string; readonly secret: string };
  removePassword(on: ObjectRef, keyId: string): void;
  /** Adds a certificate and keeps those that are there. */
  addKey(on: ObjectRef, displayName?: string): { readonly keyId: string };
  setAccountEnabled(servicePrincipalId: string, enabled: boolean): void;
}

function pathOf(on: ObjectRef): string {
  return `/${on.object}s/${on.id}`;
}

function perform(world: World, actor: Actor, request: HandsRequest): Reply {
  const ip = actor.kind === "user" ? actor.ipAddress : "203.0.113.66";
  const headers = { "content-type": "application/json" };
  const asked = { version: "v1.0", url: request.path, headers, method: request.method, body: request.body } as const;
  const admitted = admit(world, asked);
  const requestId = world.random.guid();
  const about = {
    version: "v1.0",
    headers,
    method: request.method,
    body: request.body,
    actor,
    ip,
    roles: undefined,
  } as const;
  const outcome =
    "reply" in admitted
      ? { reply: admitted.reply, effective: false }
      : handle(
          world,
          {
            ...about,
            path: admitted.path,
            template: admitted.operation.template,
            params: admitted.operation.params,
            query: admitted.query,
            userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
            correlationId: requestId,
            baseUrl: "",
          } satisfies Call,
          false,
        );
  const { reply, effective } = outcome;
  if (reply.status >= 400)
    throw new Error(`${request.method} ${request.path} was refused: ${JSON.stringify(reply.body)}`);
  if (request.method === "GET") return reply;
  const who = { by: actorId(actor), ours: false, clientRequestId: null, requestId, fault: null } as const;
  const what = { at: world.now(), method: request.method, version: "v1.0", path: request.path, body: null } as const;
  world.journal.write({ ...who, ...what, lane: "directory-write", inBatch: false, status: reply.status, effective });
  return reply;
}

function addKey(world: World, actor: Actor, on: ObjectRef, displayName: string): { readonly keyId: string } {
  const { applications, servicePrincipals } = world.directory;
  const present = (on.object === "application" ? applications : servicePrincipals).latest(on.id)?.keyCredentials ?? [];
  const keyId = world.random.guid();
  const key = Buffer.from(`MIIC${world.random.secret()}`).toString("base64");
  const added = { keyId, displayName, key, type: "AsymmetricX509Cert", usage: "Verify" };
  perform(world, actor, { method: "PATCH", path: pathOf(on), body: { keyCredentials: [...present, added] } });
  return { keyId };
}

export function createHands(world: World, actor: Actor): Hands {
  return {
    ...createRoleHands((request) => perform(world, actor, request)),
    ...createAzureHands(world, actor),
    request: (request) => perform(world, actor, request),
    addPassword(on, displayName = "backup") {
      const body = { passwordCredential: { displayName } };
      const made = fields(perform(world, actor, { method: "POST", path: `${pathOf(on)}/addPassword`, body }).body);
      return { keyId: String(made.keyId), secret: String(made.secretText) };
    },
    removePassword: (on, keyId) =>
      void perform(world, actor, { method: "POST", path: `${pathOf(on)}/removePassword`, body: { keyId } }),
    addKey: (on, displayName = "CN=backup") => addKey(world, actor, on, displayName),
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
