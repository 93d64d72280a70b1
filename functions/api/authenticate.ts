/** Who calls, and whether they may: from what the platform says alone. Refuses by TerminalError. */
import type { HttpRequest } from "@azure/functions";
import type { Route } from "../../shared/api/route.ts";
import { type Caller, mayCall } from "../../shared/domain/caller.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { principalHeader, readPrincipal } from "./client-principal.ts";

export interface Gate {
  /** App Service Authentication is on, so the header can only be the platform's */
  readonly platformAuthentication: boolean;
  readonly tenantId: string;
  /** epoch ms */
  readonly now: number;
}

/**
 * Null: nobody is signed in. Throws `forged-principal` for a header that nothing guards, else what is wrong with the principal.
 *
 * App Service checks a bearer token before it passes its claims on, but takes one for five minutes after it expired, and a session
 * cookie for hours after the token that opened it. We take neither: `exp` must lie ahead, so that a role taken away is gone with the
 * token, and a browser has to refresh its session (`/.auth/refresh`).
 */
export function authenticate(request: HttpRequest, gate: Gate): Caller | null {
  refuseForged(request, gate);
  const header = request.headers.get(principalHeader);
  if (header === null) return null;
  const { caller, tenantId, expiresAt } = readPrincipal(header);
  if (tenantId !== gate.tenantId) {
    throw new TerminalError("sign in with an account of the tenant that this app protects", { code: "other-tenant" });
  }
  if (expiresAt <= gate.now) {
    throw new TerminalError("the sign-in has expired: get a new token", { code: "principal-expired" });
  }
  return caller;
}

/** Throws `forged-principal`; to be asked of every request, also of one that anybody may send. */
export function refuseForged({ headers }: HttpRequest, { platformAuthentication }: Gate): void {
  if (!platformAuthentication && [...headers.keys()].some(isPlatforms)) throw forged();
}

/** Names that App Service removes from what comes in and sets itself. */
function isPlatforms(header: string): boolean {
  return header.startsWith("x-ms-client-principal") || header.startsWith("x-ms-token-");
}

function forged(): TerminalError {
  const message =
    "the request brings a client principal, but App Service Authentication is off, so anybody could have written it. Turn it on (docs/api.md), and send a token instead";
  return new TerminalError(message, { code: "forged-principal" });
}

/** Throws `not-signed-in`, `role-missing` or `cross-site`. */
export function authorise(route: Route, caller: Caller | null, request: HttpRequest): void {
  if (route.role === null) return;
  if (caller === null) {
    throw new TerminalError("send `Authorization: Bearer` with a token for this API", { code: "not-signed-in" });
  }
  if (!mayCall(route.role, caller)) {
    const message = `this takes the app role ${route.role}; an administrator of the tenant assigns it in the enterprise application of this API`;
    throw new TerminalError(message, { code: "role-missing" });
  }
  // A browser sends the session cookie along whatever page asks for it.
  const site = request.headers.get("sec-fetch-site");
  if (route.method !== "GET" && site !== null && site !== "same-origin" && site !== "none") {
    throw new TerminalError("a page of another site may not do this in your name", { code: "cross-site" });
  }
}
