/** Every use is written down where it happens: by token requests, by users' hands, and from long before the twin began. */
import { isOff, signInErrors } from "./presented-credentials.ts";
import type { CredentialAbout } from "./report-weather.ts";
import type { KeyCredential, PasswordCredential, ServicePrincipal } from "./types.ts";
import type { Activity, Use } from "./use-book.ts";
import type { World } from "./world.ts";

type Noted = Omit<Use, "activity">;

export function noteUse(world: World, appId: string, activity: Activity, use: Noted): void {
  if (appId !== "") world.use.identities.note({ id: appId, appId, about: null }, { ...use, activity });
}

/** @param appId of the application that the credential belongs to */
export function noteCredential(
  world: World,
  appId: string,
  credential: PasswordCredential | KeyCredential,
  where: Pick<CredentialAbout, "origin" | "applicationId" | "servicePrincipalId">,
  use: Noted,
): void {
  const about: CredentialAbout = {
    ...where,
    keyId: credential.keyId,
    keyType: "secretText" in credential ? "clientSecret" : "certificate",
    keyUsage: "usage" in credential && credential.usage === "Sign" ? "sign" : "verify",
    createdDateTime: credential.startDateTime,
    expirationDateTime: credential.endDateTime,
  };
  world.use.credentials.note(
    { id: `${credential.keyId}|${where.origin}`, appId, about },
    { ...use, activity: "client" },
  );
}

/** The credential with which `own` signed in, where it is this tenant's to know: its own, its application's, its blueprint's. */
export function noteCredentialUse(world: World, own: ServicePrincipal, keyId: string, use: Noted): void {
  const { applications, applicationByAppId } = world.directory;
  const application = applications.latest(applicationByAppId.get(own.agentIdentityBlueprintId ?? own.appId) ?? "");
  for (const holder of [application, own]) {
    const all = [...(holder?.passwordCredentials ?? []), ...(holder?.keyCredentials ?? [])];
    const found = all.find((credential) => credential.keyId === keyId);
    if (!holder || !found) continue;
    const origin = holder === application ? "application" : "servicePrincipal";
    const where = { origin, applicationId: application?.id ?? null, servicePrincipalId: own.id } as const;
    noteCredential(world, holder.appId, found, where, use);
    return;
  }
}

export interface UsersRequest {
  /** appId of the application that users work with */
  readonly client: string;
  /** appId of the API for which it gets tokens on their behalf */
  readonly resource?: string;
}

/**
 * Users work with an application: it shows in the reports alone, for the sign-in logs of users go to none of our hubs.
 * @returns Entra's error code; 0: they got in
 */
export function useForUsers(world: World, { client, resource }: UsersRequest): number {
  const { servicePrincipals, servicePrincipalByAppId } = world.directory;
  const find = (appId: string) => servicePrincipals.latest(servicePrincipalByAppId.get(appId.toLowerCase()) ?? "");
  const own = find(client);
  if (!own) return signInErrors.unknownApplication;
  const api = resource === undefined ? undefined : find(resource);
  if (resource !== undefined && !api) return signInErrors.unknownResource;
  const off = isOff(world, own) ? signInErrors.disabled : api && isOff(world, api) ? signInErrors.disabledResource : 0;
  const use = { at: world.now(), requestId: world.random.guid(), refused: off !== 0, seeded: false };
  noteUse(world, own.appId, "clientForUsers", use);
  if (api && off === 0) noteUse(world, api.appId, "resourceForUsers", use);
  return off;
}
