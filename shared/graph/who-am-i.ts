/** Learns our own identity from our own access token, so that we never act on ourselves. */
import { z } from "zod";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { OwnIdentity, Tenant } from "../ports/tenant.ts";
import type { GetToken } from "./auth.ts";

const id = z.guid().transform((value) => value.toLowerCase());
/** NumericDate of RFC 7519 → epoch ms */
const instant = z.number().transform((seconds) => seconds * 1_000);

/** `appid` in v1 access tokens (Graph's), `azp` in v2 ones (access token claims reference). */
const Claims = z
  .object({
    tid: id,
    oid: id,
    appid: id.optional(),
    azp: id.optional(),
    roles: z.array(z.string()).optional(),
    iat: instant.optional(),
    exp: instant.optional(),
  })
  .transform(({ tid, oid, appid, azp, roles, iat, exp }) => ({
    tenantId: tid,
    servicePrincipalId: oid,
    appId: appid ?? azp,
    roles: roles ?? null,
    ...(iat === undefined || exp === undefined ? {} : { token: { issuedAt: iat, expiresAt: exp } }),
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

/** The platform gives another token once a day: what was granted since shows this soon after. */
const lookAgainMs = 5 * 60_000;

/**
 * Asked again from time to time, beside the work, as the next token may carry other permissions. A failure is not kept, so that a
 * token service that comes back is asked again; while it is away, or hangs, we are who we were.
 */
export function createWhoAmI(getToken: GetToken, clock: Clock, logger: Logger): Tenant["whoAmI"] {
  let known: OwnIdentity | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;

  async function learn(): Promise<OwnIdentity | null> {
    askedAt = clock.now();
    try {
      const told = readClaims(await getToken());
      if (told === null) logger.warn("Our access token does not say who we are");
      else known = told;
    } catch (error) {
      logger.warn("No access token to learn who we are", { error: error instanceof Error ? error.name : "unknown" });
    }
    return known;
  }

  return async () => {
    if (known === null) return learn();
    if (clock.now() - askedAt >= lookAgainMs) void learn();
    return known;
  };
}
