/**
 * The API without sockets: requests through the real `HttpRequest` and `serve`, on services of a test's own. Every answer is held
 * against the API's own description.
 */
import { HttpRequest, type HttpResponseInit } from "@azure/functions";
import type { ApiServices } from "../../functions/api/handler.ts";
import { operations } from "../../functions/api/operations.ts";
import { serve } from "../../functions/api/serve.ts";
import type { Caller } from "../../shared/domain/caller.ts";
import { checkAnswer } from "./api-description.ts";

export { apiServices } from "./api-services.ts";

import { claimsOf, principalOf } from "./principal.ts";

export interface CallOptions {
  /** null: nobody */
  readonly as: Caller | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON parsed, anything else as it is */
  readonly body: unknown;
}

export type CallApi = (method: string, path: string, options: CallOptions) => Promise<ApiAnswer>;

/** `path` begins below `/api` and may have a query. */
export function apiOn(services: ApiServices): CallApi {
  const api = async () => ({ services, platformAuthentication: true });
  return async (method, path, { as, body, headers = {} }) => {
    const url = new URL(`https://tourniquet.example/api${path}`);
    for (const operation of operations) {
      const params = match(operation.route, method, url.pathname);
      if (params === null) continue;
      const principal = as === null ? {} : { "x-ms-client-principal": principalFor(services, as) };
      const content = body === undefined ? {} : { "content-type": "application/json" };
      const request = new HttpRequest({
        method,
        url: url.href,
        params,
        headers: { ...content, ...principal, ...headers },
        ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
      });
      return read(operation.route, await serve(operation, api)(request));
    }
    throw new Error(`no operation answers ${method} ${path}`);
  };
}

function principalFor({ clock, policy }: ApiServices, caller: Caller): string {
  return principalOf(claimsOf(caller, clock.now() + 3_600_000, policy.tenantId));
}

type Route = (typeof operations)[number]["route"];

function match({ method, path }: Route, wanted: string, pathname: string): Record<string, string> | null {
  if (method !== wanted) return null;
  const pattern = path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  const found = new RegExp(`^/api${pattern}$`).exec(pathname);
  if (found === null) return null;
  return Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]));
}

function read(route: Route, response: HttpResponseInit): ApiAnswer {
  const { status = 200, headers, body } = response;
  const named = new Headers(headers as Record<string, string>);
  const text = typeof body === "string" ? body : "";
  const isJson = /^application\/(problem\+)?json/.test(named.get("content-type") ?? "");
  const answer = { status, headers: Object.fromEntries(named), body: isJson ? JSON.parse(text) : text };
  checkAnswer(route.method, route.path, answer);
  return answer;
}
