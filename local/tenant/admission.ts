/** Does the OpenAPI description allow this request? What it does not allow is refused as Graph would, and written down. */
import { failure, type Reply } from "./call.ts";
import type { GraphVersion, Operation } from "./description.ts";
import type { World } from "./world.ts";

export interface Admitted {
  readonly operation: Operation;
  /** below the version, decoded, without query */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface Asked {
  readonly method: string;
  readonly version: GraphVersion;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Refusal {
  readonly reply: Reply;
  readonly reason: string;
}

const bad = (reason: string, message: string): Refusal => ({ reply: failure(400, "BadRequest", message), reason });

/** Parentheses and quotes of `(appId='…')` may come encoded; everything else stays encoded until it is a parameter. */
function readable(path: string): string {
  return path.replaceAll("%24", "$").replaceAll("%27", "'").replaceAll("%28", "(").replaceAll("%29", ")");
}

function decoded(params: Readonly<Record<string, string>>): Record<string, string> | null {
  try {
    return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return null;
  }
}

function unmatched(world: World, asked: Asked, path: string, found: "unknown" | "method-not-allowed"): Refusal {
  const other = asked.version === "v1.0" ? "beta" : "v1.0";
  if (found === "unknown" && typeof world.description.match(other, asked.method, path) === "string") {
    return bad(`no such path in ${asked.version}`, `Resource not found for the segment '${path.split("/")[1] ?? ""}'.`);
  }
  const reason =
    found === "unknown" ? `this path exists in ${other} only` : `${asked.method} is not described for this path`;
  return { reply: failure(405, "Request_BadRequest", `The HTTP method or version is not allowed: ${reason}.`), reason };
}

function checkQuery(operation: Operation, query: URLSearchParams): Refusal | null {
  for (const [name, value] of query) {
    // Next links carry it; the description does not list it.
    if (name === "$skiptoken") continue;
    if (!operation.query.has(name))
      return bad(`query parameter '${name}' is not described`, `The query parameter '${name}' is not supported.`);
    const type = operation.queryTypes.get(name);
    const wrong = (type === "integer" && !/^\d+$/.test(value)) || (type === "boolean" && !/^(true|false)$/.test(value));
    if (wrong) return bad(`query parameter '${name}' must be ${type}`, `Invalid value '${value}' for '${name}'.`);
  }
  return null;
}

function checkBody(world: World, asked: Asked, operation: Operation): Refusal | null {
  const isJson = /^application\/json\b/i.test(asked.headers["content-type"] ?? "");
  if (asked.body !== undefined && !isJson) {
    return bad(
      "a body without Content-Type: application/json",
      "A body needs the header Content-Type: application/json.",
    );
  }
  const reason = world.description.checkRequest(operation, asked.body);
  return reason === null ? null : bad(reason, `The request body is not allowed: ${reason}.`);
}

function examine(world: World, asked: Asked): Admitted | Refusal {
  const url = new URL(readable(asked.url), "http://graph");
  const path = readable(url.pathname);
  const found = world.description.match(asked.version, asked.method, path);
  if (typeof found === "string") return unmatched(world, asked, path, found);
  const params = decoded(found.params);
  if (!params) return bad("malformed percent-encoding", "The path is not well encoded.");
  const refusal = checkQuery(found, url.searchParams) ?? checkBody(world, asked, found);
  return refusal ?? { operation: { ...found, params }, path, query: url.searchParams };
}

/** The described operation, or the refusal; a refusal is a violation in the journal. */
export function admit(world: World, asked: Asked): Admitted | { readonly reply: Reply } {
  const verdict = examine(world, asked);
  if (!("reply" in verdict)) return verdict;
  const { method, version, url } = asked;
  world.journal.violation({ at: world.now(), method, version, path: url, reason: verdict.reason, side: "request" });
  return verdict;
}
