/**
 * The App Service managed identity endpoint (api-version 2019-08-01), as `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` name it
 * to the unmodified ManagedIdentityCredential of @azure/identity.
 * Source: "How to use managed identities for App Service and Azure Functions", REST endpoint reference.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { recordManagedIdentitySignIn } from "./sign-ins.ts";
import type { World } from "./world.ts";

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}

type Refusal = readonly [status: number, message: string];

function refusalOf(world: World, secretHeader: string, request: IncomingMessage, url: URL): Refusal | null {
  if (request.method !== "GET" || url.pathname !== "/msi/token") return [404, "Not found."];
  if (request.headers["x-identity-header"] !== secretHeader) return [401, "X-IDENTITY-HEADER is missing or wrong."];
  if (url.searchParams.get("api-version") !== "2019-08-01") return [400, "api-version must be 2019-08-01."];
  if (!url.searchParams.get("resource")) return [400, "resource is missing."];
  const clientId = url.searchParams.get("client_id");
  const known = clientId === null || clientId.toLowerCase() === world.runtime.appId;
  return known ? null : [400, "No such managed identity."];
}

function handle(world: World, secretHeader: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const refusal = refusalOf(world, secretHeader, request, url);
  if (refusal) {
    const [statusCode, message] = refusal;
    answer(response, statusCode, { statusCode, message });
    return;
  }
  const resource = url.searchParams.get("resource") ?? "";
  const { runtime, settings } = world;
  const { token, expiresOn } = world.tokens.issue({
    actor: runtime,
    tenantId: settings.tenantId,
    audience: resource,
    lifetimeSeconds: settings.tokenLifetimeSeconds,
    roles: settings.runtimeRoles,
    id: world.random.guid(),
  });
  recordManagedIdentitySignIn(world, runtime.servicePrincipalId, resource);
  answer(response, 200, {
    access_token: token,
    client_id: runtime.appId,
    expires_on: String(expiresOn),
    resource,
    token_type: "Bearer",
  });
}

/** @returns the server, not listening yet */
export function createIdentityServer(world: World, secretHeader: string): Server {
  return createServer((request, response) => handle(world, secretHeader, request, response));
}
