// App Service Authentication as it stands before an app: it takes away what only it may set, checks the token, and says who calls.
// Who brings no token passes (`AllowAnonymous`), since the app itself decides what takes a role.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AppSettings } from "./app-settings.ts";
import { logIn, loginPath, send } from "./development-login.ts";
import { createDevelopmentTokens, type TokenPayload } from "./development-tokens.ts";

export interface PlatformAuth {
  /** False: the request was answered here and never reaches the app. Rewrites the headers of the request. */
  admit(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** By the settings that App Service itself gives an app: whether it is on, whose tokens it takes, and its key. */
export function createPlatformAuth(settings: AppSettings): PlatformAuth {
  if (settings.WEBSITE_AUTH_ENABLED?.toLowerCase() !== "true") return { admit: async () => true };
  const issuer = settings.WEBSITE_AUTH_OPENID_ISSUER ?? "";
  const tokens = createDevelopmentTokens(settings.WEBSITE_AUTH_SIGNING_KEY);
  return {
    async admit(request, response) {
      for (const name of Object.keys(request.headers)) if (isOurs(name)) setHeader(request, name, null);
      if (request.method === "POST" && request.url === loginPath) {
        await logIn(request, response, tokens);
        return false;
      }
      const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
      if (token === undefined) return true;
      const payload = tokens.check(token);
      if (payload === null) {
        const error = { error: "the token was not given out here, or has expired" };
        send(response, 401, error, { "www-authenticate": 'Bearer error="invalid_token"' });
        return false;
      }
      for (const [name, value] of Object.entries(headersFor(payload, issuer))) setHeader(request, name, value);
      return true;
    },
  };
}

function isOurs(name: string): boolean {
  return name.startsWith("x-ms-client-principal") || name.startsWith("x-ms-token-");
}

/** Both views that node keeps of the headers; null takes one away. */
function setHeader(request: IncomingMessage, name: string, value: string | null): void {
  if (value === null) {
    delete request.headers[name];
    delete request.headersDistinct[name];
  } else {
    request.headers[name] = value;
    request.headersDistinct[name] = [value];
  }
}

const MICROSOFT = "http://schemas.microsoft.com/identity/claims/";
const SOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
const ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

/** Claims go through .NET's default mapping: some by long names, `roles` and the rest as the token has them, one a value. */
function headersFor({ name, roles, kind, objectId, exp }: TokenPayload, issuer: string): Record<string, string> {
  const tenantId = /[0-9a-f-]{36}/i.exec(issuer)?.[0] ?? "";
  const isPerson = kind === "person";
  const claims: readonly (readonly [string, string])[] = [
    ["iss", issuer],
    ["exp", String(exp)],
    [`${MICROSOFT}objectidentifier`, objectId],
    [`${MICROSOFT}tenantid`, tenantId],
    [`${SOAP}nameidentifier`, isPerson ? `subject-of-${objectId}` : objectId],
    ...(isPerson
      ? ([
          ["preferred_username", name],
          [`${MICROSOFT}scope`, "user_impersonation"],
        ] as const)
      : ([["azp", objectId]] as const)),
    ...roles.map((role) => ["roles", role] as const),
    ["ver", "2.0"],
  ];
  const principal = {
    auth_typ: "aad",
    claims: claims.map(([typ, val]) => ({ typ, val })),
    name_typ: `${SOAP}name`,
    role_typ: ROLE,
  };
  return {
    "x-ms-client-principal": Buffer.from(JSON.stringify(principal)).toString("base64"),
    "x-ms-client-principal-id": objectId,
    "x-ms-client-principal-name": name,
    "x-ms-client-principal-idp": "aad",
  };
}
