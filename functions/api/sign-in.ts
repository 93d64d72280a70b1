/** Whoever opens a page for people without being signed in is sent to sign in, and comes back to it. */
import type { HttpRequest } from "@azure/functions";
import type { Route } from "../../shared/api/route.ts";
import { preferredType } from "./accepts.ts";
import type { Answer } from "./answer.ts";
import type { Api } from "./api.ts";

const signedOut = new Set(["not-signed-in", "principal-expired"]);

/** What a browser is sent to sign in for: a page that takes no role, where signing in is all that is missing. */
export function isForBrowsers({ method, role, answer }: Route): boolean {
  return method === "GET" && role === "signed-in" && answer.contentTypes?.includes("text/html") === true;
}

/**
 * Null: tell them instead. The address is App Service Authentication's own
 * (learn.microsoft.com/azure/app-service/configure-authentication-customize-sign-in-out), so where that is off nobody is sent there.
 */
export function sentToSignIn(
  route: Route,
  { headers, url }: HttpRequest,
  { platformAuthentication }: Pick<Api, "platformAuthentication">,
  code: string,
): Answer | null {
  if (!platformAuthentication || !signedOut.has(code) || !isForBrowsers(route)) return null;
  const accepts = preferredType(headers.get("accept"), ["application/json", ...(route.answer.contentTypes ?? [])]);
  if (accepts !== "text/html") return null;
  const back = encodeURIComponent(new URL(url).pathname);
  return { status: 302, headers: { Location: `/.auth/login/aad?post_login_redirect_uri=${back}` }, body: "" };
}
