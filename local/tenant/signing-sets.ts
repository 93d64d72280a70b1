/**
 * What `addTokenSigningCertificate` makes on a service principal: a Sign key, its Verify twin, and the password that protects the
 * Sign key and has its key id. One custom identifier, the thumbprint, holds the three together.
 */
import { emitCredentialChange } from "./credential-audits.ts";
import { addressOf, browser } from "./perform.ts";
import { type KeySeed, seedKey, seedPassword } from "./seeds.ts";
import type { Actor, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface SigningSet {
  /** of the Sign key, and of the password */
  readonly signingKeyId: string;
  readonly verifyingKeyId: string;
}

export type SigningSetSeed = Pick<KeySeed, "displayName" | "createdDaysAgo" | "expiresInDays">;

function withSet(world: World, own: ServicePrincipal, seed: SigningSetSeed): readonly [ServicePrincipal, SigningSet] {
  const customKeyIdentifier = Buffer.from(world.random.letters(20)).toString("base64");
  const sign = seedKey(world, { ...seed, usage: "Sign", customKeyIdentifier });
  const verify = seedKey(world, { ...seed, usage: "Verify", customKeyIdentifier });
  // it unlocks a key and signs nobody in
  const { credential, known } = seedPassword(world, seed);
  world.directory.secrets.delete(known.keyId);
  const password = { ...credential, keyId: sign.keyId, customKeyIdentifier };
  const next = {
    ...own,
    keyCredentials: [...own.keyCredentials, sign, verify],
    passwordCredentials: [...own.passwordCredentials, password],
  };
  return [next, { signingKeyId: sign.keyId, verifyingKeyId: verify.keyId }];
}

function ownOf(world: World, servicePrincipalId: string): ServicePrincipal {
  const own = world.directory.servicePrincipals.latest(servicePrincipalId);
  if (!own) throw new Error(`There is no service principal ${servicePrincipalId} to sign for.`);
  return own;
}

/** As if it had been there for long. */
export function seedSigningSet(world: World, servicePrincipalId: string, seed: SigningSetSeed = {}): SigningSet {
  const [next, set] = withSet(world, ownOf(world, servicePrincipalId), seed);
  world.directory.servicePrincipals.seed(next);
  return set;
}

/** Somebody adds one now: one change with its audit records. */
export function addSigningSet(
  world: World,
  actor: Actor,
  servicePrincipalId: string,
  displayName = "CN=Microsoft Azure Federated SSO Certificate",
): SigningSet {
  const own = ownOf(world, servicePrincipalId);
  const [next, set] = withSet(world, own, { displayName, createdDaysAgo: 0, expiresInDays: 1095 });
  world.directory.servicePrincipals.put(next);
  const origin = { actor, ip: addressOf(actor), userAgent: browser, correlationId: world.random.guid() };
  emitCredentialChange(world, origin, "servicePrincipal", own, next);
  return set;
}
