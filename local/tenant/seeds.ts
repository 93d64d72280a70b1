/** Pieces of directory objects as a tenant has them from long ago: credentials, assignments, use. */
import { dayMs, isoSeconds } from "./time.ts";
import type { AppRoleAssignment, KeyCredential, PasswordCredential, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface PasswordSeed {
  readonly displayName?: string;
  readonly secret?: string;
  readonly createdDaysAgo?: number;
  /** negative: expired */
  readonly expiresInDays?: number;
}

export interface KeySeed {
  readonly displayName?: string;
  readonly createdDaysAgo?: number;
  readonly expiresInDays?: number;
  readonly usage?: "Verify" | "Sign";
  readonly customKeyIdentifier?: string;
}

/** A seeded secret, with the value only its owner knows. */
export interface KnownSecret {
  readonly keyId: string;
  readonly secret: string;
}

/** `2` stands for two plain ones. */
export type Many<T> = number | readonly T[];

export function seedsOf<T>(many: Many<T> | undefined): readonly Partial<T>[] {
  return typeof many === "number" ? Array.from({ length: many }, () => ({})) : (many ?? []);
}

function lifetime(world: World, seed: { readonly createdDaysAgo?: number; readonly expiresInDays?: number }) {
  return {
    startDateTime: isoSeconds(world.now() - (seed.createdDaysAgo ?? 400) * dayMs),
    endDateTime: isoSeconds(world.now() + (seed.expiresInDays ?? 330) * dayMs),
  };
}

export function seedPassword(
  world: World,
  seed: PasswordSeed,
): { readonly credential: PasswordCredential; readonly known: KnownSecret } {
  const secret = seed.secret ?? world.random.secret();
  const keyId = world.random.guid();
  world.directory.secrets.set(keyId, secret);
  const credential = {
    customKeyIdentifier: null,
    displayName: seed.displayName ?? "deployment",
    hint: secret.slice(0, 3),
    keyId,
    secretText: null,
    ...lifetime(world, seed),
  };
  return { credential, known: { keyId, secret } };
}

export function seedKey(world: World, seed: KeySeed): KeyCredential {
  return {
    customKeyIdentifier: seed.customKeyIdentifier ?? Buffer.from(world.random.letters(20)).toString("base64"),
    displayName: seed.displayName ?? "CN=workload",
    key: Buffer.from(`MIIC${world.random.secret()}`).toString("base64"),
    keyId: world.random.guid(),
    type: "AsymmetricX509Cert",
    usage: seed.usage ?? "Verify",
    ...lifetime(world, seed),
  };
}

const defaultAccess = "00000000-0000-0000-0000-000000000000";

export interface AssignmentSeed {
  readonly principal: {
    readonly id: string;
    readonly displayName: string;
    readonly type: AppRoleAssignment["principalType"];
  };
  readonly resource: ServicePrincipal;
  /** by default the "default access" role of all zeros */
  readonly appRoleId?: string;
}

export function seedAssignment(world: World, seed: AssignmentSeed): AppRoleAssignment {
  const one: AppRoleAssignment = {
    id: Buffer.from(world.random.secret()).toString("base64url").slice(0, 43),
    appRoleId: seed.appRoleId ?? defaultAccess,
    createdDateTime: isoSeconds(world.now() - 300 * dayMs),
    principalDisplayName: seed.principal.displayName,
    principalId: seed.principal.id,
    principalType: seed.principal.type,
    resourceDisplayName: seed.resource.displayName,
    resourceId: seed.resource.id,
  };
  world.directory.assignments.seed(one);
  return one;
}
