// SAML signing sets of a story: three entries of a service principal under one label.
import type { SigningSet } from "../tenant/signing-sets.ts";
import type { Twin } from "../tenant/twin.ts";
import type { Foothold } from "./evidence.ts";
import { foothold } from "./footholds.ts";
import type { StoryIdentity } from "./story-tenant.ts";

/** There only when all three are, and gone only when none is. */
export function signingSet({ signingKeyId, verifyingKeyId }: SigningSet): Foothold {
  const keys = [
    foothold.certificate(signingKeyId),
    foothold.certificate(verifyingKeyId),
    foothold.secret(signingKeyId),
  ];
  return { keys, keyId: signingKeyId, secret: null, trust: null };
}

export function seedSigningSets(twin: Twin, { signingSets }: StoryIdentity, id: string): [string, Foothold][] {
  return signingSets.map(({ label, ...lifetime }) => [
    label,
    signingSet(twin.addSigningSet(id, { ...lifetime, displayName: `CN=${label}` })),
  ]);
}
