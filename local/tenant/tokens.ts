/** Access tokens: JWT-shaped, signed by nobody, valid because the twin remembers having issued them. */
import type { Actor } from "./types.ts";

export interface IssuedToken {
  readonly token: string;
  /** epoch seconds */
  readonly expiresOn: number;
  readonly audience: string;
  readonly actor: Actor & { readonly kind: "app" };
  /** application permissions; undefined grants all */
  readonly roles: readonly string[] | undefined;
  /** issued to a client that takes claims challenges */
  readonly continuousAccess: boolean;
}

export interface Tokens {
  issue(request: {
    readonly actor: Actor & { readonly kind: "app" };
    readonly tenantId: string;
    readonly audience: string;
    readonly lifetimeSeconds: number;
    readonly roles?: readonly string[] | undefined;
    readonly continuousAccess?: boolean;
    readonly id: string;
  }): IssuedToken;
  /** The token behind an `Authorization` header, or why there is none. */
  check(
    authorization: string | undefined,
    service?: keyof typeof audiences,
  ): IssuedToken | "missing" | "unknown" | "expired" | "wrong-audience";
  /** Makes every token issued so far expired. */
  expireAll(): void;
}

/** Audiences that each service takes for itself. */
const audiences = {
  graph: ["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"],
  azure: ["https://management.azure.com", "https://management.core.windows.net"],
  keyVault: ["https://vault.azure.net"],
} as const;

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

export function createTokens(now: () => number): Tokens {
  const issued = new Map<string, IssuedToken>();
  let expiredBefore = 0;
  let count = 0;
  const order = new Map<string, number>();
  return {
    issue({ actor, tenantId, audience, lifetimeSeconds, roles, continuousAccess = false, id }) {
      const issuedAt = Math.floor(now() / 1000);
      const expiresOn = issuedAt + lifetimeSeconds;
      const claims = {
        aud: audience,
        iss: `https://sts.windows.net/${tenantId}/`,
        iat: issuedAt,
        nbf: issuedAt,
        exp: expiresOn,
        appid: actor.appId,
        idtyp: "app",
        oid: actor.servicePrincipalId,
        sub: actor.servicePrincipalId,
        tid: tenantId,
        uti: id,
        ver: "1.0",
        ...(roles ? { roles } : {}),
        ...(continuousAccess ? { xms_cc: ["cp1"] } : {}),
      };
      const token = `${encode({ typ: "JWT", alg: "RS256", kid: "twin" })}.${encode(claims)}.${encode(id)}`;
      const entry: IssuedToken = { token, expiresOn, audience, actor, roles, continuousAccess };
      issued.set(token, entry);
      count += 1;
      order.set(token, count);
      return entry;
    },
    check(authorization, service = "graph") {
      const token = authorization?.match(/^Bearer (.+)$/i)?.[1];
      if (token === undefined) return "missing";
      const found = issued.get(token);
      if (!found) return "unknown";
      if (found.expiresOn * 1000 <= now() || (order.get(token) ?? 0) <= expiredBefore) return "expired";
      const own: readonly string[] = audiences[service];
      return own.includes(found.audience.replace(/\/$/, "")) ? found : "wrong-audience";
    },
    expireAll() {
      expiredBefore = count;
    },
  };
}
