/** Our token goes to its service only: any address of another origin, or outside the API version asked for, is refused unsent. */
import type { ApiRequest } from "../ports/tenant.ts";
import { notSent } from "./answers.ts";
import { link } from "./call.ts";

export function hostCheckLink(baseUrl: string) {
  return link(async (call, context, next) => {
    const url = typeof context.request === "string" ? context.request : context.request.url;
    if (!isOurs(url, baseUrl, call.facts.request.version)) {
      call.answer = notSent("wrong-host", "The request's address is not on the configured host and was not sent.");
      return;
    }
    await next();
  });
}

/** The path of a next link below its version, or null when it leads anywhere but to the service we talk to. */
export function nextPath(nextLink: string, baseUrl: string, version: ApiRequest["version"]): string | null {
  if (!isOurs(nextLink, baseUrl, version)) return null;
  const { pathname, search } = new URL(nextLink);
  return pathname.slice(versionPath(baseUrl, version).length) + search;
}

function isOurs(url: string, baseUrl: string, version: ApiRequest["version"]): boolean {
  if (!URL.canParse(url) || hasDotSegment(url)) return false;
  const { origin, pathname, username, password } = new URL(url);
  if (username !== "" || password !== "") return false;
  return origin === new URL(baseUrl).origin && pathname.startsWith(`${versionPath(baseUrl, version)}/`);
}

/** Resource Manager has its version in the query, not in the path. */
function versionPath(baseUrl: string, version: ApiRequest["version"]): string {
  const base = new URL(baseUrl).pathname.replace(/\/+$/, "");
  return version === "arm" ? base : `${base}/${version}`;
}

/** An id of `..` survives percent-encoding and would climb to another resource. */
function hasDotSegment(url: string): boolean {
  return /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i.test(url.split("?", 1)[0] ?? url);
}
