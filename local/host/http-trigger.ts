// HTTP triggers: one server, every registered route; authorization levels are not enforced locally.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { compileRoute, matchRoute, type Route } from "./http-route.ts";
import { joinedHeaders, sendHttpData, toHttpData } from "./http-rpc.ts";
import { pipeThroughProxy } from "./http-stream.ts";
import { type InvokeOptions, invoke } from "./invoke.ts";
import type { PlatformAuth } from "./platform-auth.ts";
import type { RegisteredFunction } from "./registry.ts";
import type { TriggerBinding } from "./trigger-binding.ts";

export interface HttpFunction {
  readonly fn: RegisteredFunction;
  readonly bindingName: string;
  readonly route: Route;
}

export interface HttpOptions extends InvokeOptions {
  /** Where the library wants streamed requests, if the app enabled that. */
  readonly streamProxyUrl: string | undefined;
  /** Runs a non-HTTP function by hand, as `POST /admin/functions/NAME` does in Azure; undefined if there is none. */
  readonly runByName: (name: string) => boolean;
  readonly platformAuth: PlatformAuth;
}

export function httpFunction(fn: RegisteredFunction, binding: TriggerBinding, routePrefix: string): HttpFunction {
  const { route = fn.metadata.name, methods } = binding.options;
  const known = Array.isArray(methods) ? methods.map(String) : ["GET", "POST"];
  return { fn, bindingName: binding.name, route: compileRoute(`${routePrefix}/${String(route)}`, known) };
}

/** Listens on 127.0.0.1. @param port 0 takes any free one */
export async function startHttpServer(
  functions: readonly HttpFunction[],
  port: number,
  options: HttpOptions,
): Promise<{ server: Server; port: number }> {
  const byPrecedence = functions.toSorted((a, b) => a.route.precedence.localeCompare(b.route.precedence));
  const server = createServer((request, response) => {
    answer(byPrecedence, request, response, options).catch((error: unknown) => {
      options.log("error", "host", "request failed", { path: request.url, error: String(error) });
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

async function answer(
  functions: readonly HttpFunction[],
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): Promise<void> {
  if (!(await options.platformAuth.admit(request, response))) return;
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`);
  const method = request.method ?? "GET";
  for (const candidate of functions) {
    const params = matchRoute(candidate.route, method, url.pathname);
    if (params === null) continue;
    if (options.streamProxyUrl === undefined) await callFunction(candidate, request, response, url, params, options);
    else await streamFunction(candidate, request, response, options.streamProxyUrl, params, options);
    return;
  }
  const admin = /^\/admin\/functions\/([^/]+)$/.exec(url.pathname)?.[1];
  const ran = method === "POST" && admin !== undefined && options.runByName(decodeURIComponent(admin));
  response.writeHead(ran ? 202 : 404).end();
}

async function callFunction(
  target: HttpFunction,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  params: Record<string, string>,
  options: InvokeOptions,
): Promise<void> {
  const http = await toHttpData(request, url, params);
  const { returnValue } = await invoke({ fn: target.fn, input: { name: target.bindingName, data: { http } } }, options);
  sendHttpData(response, returnValue?.http);
}

async function streamFunction(
  target: HttpFunction,
  request: IncomingMessage,
  response: ServerResponse,
  proxyUrl: string,
  params: Record<string, string>,
  options: InvokeOptions,
): Promise<void> {
  const invocationId = randomUUID();
  const failed = new AbortController();
  const piped = pipeThroughProxy(request, response, proxyUrl, invocationId, failed.signal);
  const triggerMetadata = {
    Headers: { json: JSON.stringify(joinedHeaders(request)) },
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
  };
  const input = { name: target.bindingName, data: { http: {} } };
  const run = invoke({ fn: target.fn, input, triggerMetadata, invocationId }, options).catch((error: unknown) => {
    failed.abort();
    throw error;
  });
  await Promise.all([run, piped]);
}
