/** One Graph request as handlers see it, and their answer. */
import type { GraphVersion } from "./description.ts";
import type { Actor } from "./types.ts";
import type { World } from "./world.ts";

export interface Call {
  readonly method: string;
  readonly version: GraphVersion;
  /** below the version, decoded, without query */
  readonly path: string;
  readonly template: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** lower-case names */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly actor: Actor;
  /** application permissions of the caller's token; undefined grants all */
  readonly roles: readonly string[] | undefined;
  /** the caller's address, for audit records */
  readonly ip: string;
  readonly userAgent: string;
  /** of the audit records this call writes: the client's request id, else ours */
  readonly correlationId: string;
  /** `http://127.0.0.1:port`, for next links */
  readonly baseUrl: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (world: World, call: Call) => Reply;

export const noContent: Reply = { status: 204 };

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/** Graph's error body; `innerError` is added where the request id is known. */
export function failure(status: number, code: string, message: string, details?: readonly ErrorDetail[]): Reply {
  return { status, body: { error: { code, message, ...(details ? { details } : {}) } } };
}

export function badRequest(message: string): Reply {
  return failure(400, "Request_BadRequest", message);
}

export function unsupportedQuery(message: string): Reply {
  return failure(400, "Request_UnsupportedQuery", message);
}

export function notFound(id: string): Reply {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return failure(404, "Request_ResourceNotFound", message);
}

export function denied(): Reply {
  return failure(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
}

/** The id in the path, whichever of the two addressing forms was used. */
export function addressed(call: Call): { readonly id?: string; readonly appId?: string } {
  const { appId } = call.params;
  if (appId !== undefined) return { appId };
  const id = call.params["servicePrincipal-id"] ?? call.params["application-id"] ?? Object.values(call.params)[0];
  return id === undefined ? {} : { id };
}

/** A JSON object, or an empty one. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
