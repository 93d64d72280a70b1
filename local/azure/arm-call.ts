/** One request to Azure Resource Manager as handlers see it, and the answers that all of them share. */
import type { Actor } from "../tenant/types.ts";

export interface ArmCall {
  readonly method: string;
  /** decoded, without query */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly actor: Actor;
  /** `http://127.0.0.1:port`, for next links */
  readonly baseUrl: string;
}

export interface ArmReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function armError(status: number, code: string, message: string): ArmReply {
  return { status, body: { error: { code, message } } };
}

export function forbidden(action: string, scope: string): ArmReply {
  const message = `The client does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`;
  return armError(403, "AuthorizationFailed", message);
}

export function resourceMissing(id: string): ArmReply {
  return armError(404, "ResourceNotFound", `The Resource '${id}' was not found.`);
}

/** So small that more than a handful of anything is more than one page. */
const pageSize = 20;

/** One page of a list, with the link to the next one. */
export function pageOf(call: ArmCall, all: readonly object[]): ArmReply {
  const from = Number(call.query.get("$skipToken") ?? 0);
  const next = from + pageSize < all.length ? from + pageSize : null;
  const query = new URLSearchParams(call.query);
  query.set("$skipToken", String(next));
  const link = next === null ? {} : { nextLink: `${call.baseUrl}${call.path}?${query.toString()}` };
  return { status: 200, body: { value: all.slice(from, from + pageSize), ...link } };
}
