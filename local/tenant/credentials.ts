/** addPassword, removePassword and the whole-collection replacement of keyCredentials, on both kinds of object. */

import { badRequest, type Call, failure, fields, noContent, type Reply } from "./call.ts";
import { emitCredentialChange } from "./credential-audits.ts";
import { dayMs, isoSeconds } from "./time.ts";
import type { CredentialHolder, KeyCredential, PasswordCredential } from "./types.ts";
import type { World } from "./world.ts";

/** An object that carries credentials, and how to store its next state. */
export interface Holder<T extends CredentialHolder> {
  readonly kind: "application" | "servicePrincipal";
  /** as reads see it now: what was just added may not be there yet */
  readonly visible: T;
  readonly latest: T;
  store(next: T): void;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function addPassword<T extends CredentialHolder>(world: World, call: Call, holder: Holder<T>): Reply {
  const wanted = fields(fields(call.body).passwordCredential);
  const secret = world.random.secret();
  const added: PasswordCredential = {
    customKeyIdentifier: null,
    displayName: text(wanted.displayName),
    endDateTime: text(wanted.endDateTime) ?? isoSeconds(world.now() + 730 * dayMs),
    hint: secret.slice(0, 3),
    keyId: world.random.guid(),
    secretText: null,
    startDateTime: text(wanted.startDateTime) ?? isoSeconds(world.now()),
  };
  if (!world.gate.suspended) world.directory.secrets.set(added.keyId, secret);
  const next = { ...holder.latest, passwordCredentials: [...holder.latest.passwordCredentials, added] };
  holder.store(next);
  emitCredentialChange(world, call, holder.kind, holder.latest, next);
  return { status: 200, body: { ...added, secretText: secret } };
}

export function removePassword<T extends CredentialHolder>(world: World, call: Call, holder: Holder<T>): Reply {
  const keyId = String(fields(call.body).keyId).toLowerCase();
  // Straight after addPassword Graph answers 400 too: the replica asked does not know the key yet.
  const known = [holder.visible, holder.latest].every((state) =>
    state.passwordCredentials.some((credential) => credential.keyId === keyId),
  );
  if (!known) return badRequest("No password credential found with keyId.");
  const kept = holder.latest.passwordCredentials.filter((credential) => credential.keyId !== keyId);
  const next = { ...holder.latest, passwordCredentials: kept };
  holder.store(next);
  emitCredentialChange(world, call, holder.kind, holder.latest, next);
  return noContent;
}

const immutable = [
  "customKeyIdentifier",
  "displayName",
  "endDateTime",
  "startDateTime",
  "type",
  "usage",
  "key",
] as const;

/** A field left out or (for `key`) null is "as it was". */
function changes(entry: Readonly<Record<string, unknown>>, present: KeyCredential): boolean {
  return immutable.some((name) => {
    const value = entry[name];
    if (value === undefined || (name === "key" && value === null)) return false;
    const before = present[name];
    if (name.endsWith("DateTime")) return Date.parse(String(value)) !== Date.parse(String(before));
    return value !== before;
  });
}

function newKey(world: World, entry: Readonly<Record<string, unknown>>): KeyCredential {
  return {
    customKeyIdentifier: text(entry.customKeyIdentifier),
    displayName: text(entry.displayName),
    endDateTime: text(entry.endDateTime) ?? isoSeconds(world.now() + 365 * dayMs),
    key: text(entry.key),
    keyId: text(entry.keyId)?.toLowerCase() ?? world.random.guid(),
    startDateTime: text(entry.startDateTime) ?? isoSeconds(world.now()),
    type: text(entry.type) ?? "AsymmetricX509Cert",
    usage: text(entry.usage) ?? "Verify",
  };
}

/**
 * The list a PATCH of keyCredentials leads to: what is not resent goes, what is resent must be unchanged (its key may be
 * null), what is new must bring its key.
 */
export function replaceKeys(
  world: World,
  present: readonly KeyCredential[],
  body: unknown,
): readonly KeyCredential[] | Reply {
  const next: KeyCredential[] = [];
  for (const item of Array.isArray(body) ? body : []) {
    const entry = fields(item);
    const keyId = text(entry.keyId)?.toLowerCase();
    const before = present.find((credential) => credential.keyId === keyId);
    if (before && changes(entry, before)) {
      const message = `Update to existing credential with KeyId '${keyId}' is not allowed.`;
      return failure(400, "Request_BadRequest", message, [
        { code: "KeyNotUpdatable", message, target: "keyCredentials" },
      ]);
    }
    if (!before && text(entry.key) === null) return badRequest("New key credentials must have a key value.");
    next.push(before ?? newKey(world, entry));
  }
  return next;
}

/** How a read shows the keys: their bytes only for a single object whose `$select` names keyCredentials. */
export function shownKeys<T extends CredentialHolder>(value: T, withBytes: boolean): T {
  if (withBytes) return value;
  return { ...value, keyCredentials: value.keyCredentials.map((credential) => ({ ...credential, key: null })) };
}

export function selectsKeys(call: Call): boolean {
  const names = (call.query.get("$select") ?? "").toLowerCase().split(",");
  return names.some((name) => name.trim() === "keycredentials");
}
