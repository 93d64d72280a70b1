/** Learns our own identity from our own access token, so that we never act on ourselves. */
import { z } from "zod";
import type { Logger } from "../ports/logger.ts";
import type { OwnIdentity, Tenant } from "../ports/tenant.ts";
import type { GetToken } from "./auth.ts";

const id = z.guid().transform((value) => value.toLowerCase());

/** `appid` in v1 access tokens (Graph's), `azp` in v2 ones (access token claims reference). */
const Claims = z
  .object({ tid: id, oid: id, appid: id.optional(), azp: id.optional(), roles: z.array(z.string()).optional() })
  .transform(({ tid, oid, appid, azp, roles }) => ({
    tenantId: tid,
    servicePrincipalId: oid,
    appId: appid ?? azp,
    roles: roles ?? null,
  }));

/** Not validated: nobody but us and the token service ever had it. Null when it is not a token we can read. */
export function readClaims(token: string): OwnIdentity | null {
  try {
    const claims = Claims.safeParse(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")));
    if (!claims.success || claims.data.appId === undefined) return null;
    return { ...claims.data, appId: claims.data.appId };
  } catch {
    return null;
  }
}

/** Asked once; a failure is not kept, so that a token service that comes back is asked again. */
export function createWhoAmI(getToken: GetToken, logger: Logger): Tenant["whoAmI"] {
  let known: OwnIdentity | null = null;
  return async () => {
    if (known !== null) return known;
    try {
      known = readClaims(await getToken());
      if (known === null) logger.warn("Our access token does not say who we are");
    } catch (error) {
      logger.warn("No access token to learn who we are", { error: error instanceof Error ? error.name : "unknown" });
    }
    return known;
  };
}
