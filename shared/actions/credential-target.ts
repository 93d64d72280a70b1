/** Which credentials a removal means: on which object, all or exactly these, and never a part of a SAML signing set. */
import { z } from "zod";
import { Guid, type IdentityKind } from "../domain/identity.ts";
import { KeyCredential } from "../domain/snapshot.ts";

export const CredentialTarget = z.strictObject({
  object: z.enum(["servicePrincipal", "application"]),
  /** the object as the evidence names it; asserted again before anything goes. Null: whichever the identity has */
  objectId: Guid.nullable(),
  keyIds: z.union([z.literal("all"), z.array(Guid).min(1)]),
});
export type CredentialTarget = z.infer<typeof CredentialTarget>;

/** What is kept of a removed credential: everything Graph shows of it, which is never the secret. */
export const CredentialReceipt = z.object({
  object: z.enum(["servicePrincipal", "application"]),
  objectId: z.string(),
  removed: z.array(
    z.object({
      keyId: z.string(),
      displayName: z.string().nullable(),
      startDateTime: z.string().nullable(),
      endDateTime: z.string().nullable(),
    }),
  ),
});

export const Keys = z.object({ id: Guid, keyCredentials: z.array(KeyCredential) });

export function carriesCredentials(kind: IdentityKind): boolean {
  return (
    kind === "home-single-tenant" ||
    kind === "home-multi-tenant" ||
    kind === "foreign" ||
    kind === "microsoft-first-party"
  );
}

/** With an application's credentials it signs in to every tenant that uses it. */
export function isOfApplication({ object }: CredentialTarget): boolean {
  return object === "application";
}

/** Does this object exist for the identity, and is it the one the evidence named? */
export function isTarget(target: CredentialTarget, foundId: string): boolean {
  return target.objectId === null || target.objectId === foundId;
}

export function isWanted(target: CredentialTarget, keyId: string): boolean {
  return target.keyIds === "all" || target.keyIds.includes(keyId);
}
