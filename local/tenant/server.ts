/** The Graph endpoint over HTTP: reads requests, checks tokens, answers, and can be out of reach. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { batch } from "./batch.ts";
import { failure, type Reply } from "./call.ts";
import { dispatch, type Incoming, type Outcome } from "./dispatch.ts";
import type { IssuedToken } from "./tokens.ts";
import type { World } from "./world.ts";

export interface GraphServer {
  readonly url: string;
  /** `reset`: connections are accepted and cut; `refused`: nobody listens. Comes back by itself after `forMs`. */
  outage(forMs: number, kind: "reset" | "refused"): Promise<void>;
  stop(): Promise<void>;
}

const maxBodyBytes = 4 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error(`The body is larger than ${maxBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
  );
}

function send(response: ServerResponse, reply: Reply): void {
  const text = reply.body === undefined ? "" : JSON.stringify(reply.body);
  const type = text === "" ? {} : { "Content-Type": "application/json; charset=utf-8" };
  response.writeHead(reply.status, { ...type, ...reply.headers });
  response.end(text);
}

function unauthorized(why: string): Reply {
  const messages: Readonly<Record<string, string>> = {
    missing: "Access token is empty.",
    unknown: "Signature is invalid.",
    expired: "Lifetime validation failed, the token is expired.",
    "wrong-audience": "Invalid audience.",
    revoked:
      "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp",
  };
  const reply = failure(401, "InvalidAuthenticationToken", messages[why] ?? why);
  return {
    ...reply,
    headers: { "WWW-Authenticate": 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common"' },
  };
}

/** JSON where it is JSON; text that is none stays text, so that the description refuses it. */
function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Continuous access evaluation: the token of a client that opted in ends with its service principal, for single-tenant
 * clients alone. Every other token lives until it expires, whatever becomes of its owner.
 */
function isRevoked(world: World, token: IssuedToken): boolean {
  if (!token.continuousAccess) return false;
  const own = world.directory.servicePrincipals.latest(token.actor.servicePrincipalId);
  return !own || (!own.accountEnabled && own.signInAudience === "AzureADMyOrg");
}

async function answer(world: World, request: IncomingMessage, baseUrl: string): Promise<Outcome> {
  const text = await readBody(request);
  if (world.settings.latencyMs > 0) await sleep(world.settings.latencyMs);
  const headers = headersOf(request);
  const method = request.method ?? "GET";
  const found = /^\/(v1\.0|beta)(\/.*)$/.exec(request.url ?? "");
  const checked: IssuedToken | string = world.tokens.check(headers.authorization);
  const token = typeof checked !== "string" && isRevoked(world, checked) ? "revoked" : checked;
  if (!found || typeof token === "string") {
    const reply = found ? unauthorized(String(token)) : failure(400, "BadRequest", "Invalid version.");
    const rest = {
      lane: "directory",
      inBatch: false,
      by: null,
      requestId: "",
      clientRequestId: null,
      fault: null,
    } as const;
    const entry = {
      at: world.now(),
      method,
      version: found?.[1] ?? "",
      path: request.url ?? "",
      status: reply.status,
      ...rest,
    };
    world.journal.request(entry);
    return { reply, drop: false };
  }
  const version = found[1] === "beta" ? "beta" : "v1.0";
  const [, , url = "/"] = found;
  const { actor, roles } = token;
  const ip = request.socket.remoteAddress ?? "";
  const incoming: Incoming = {
    method,
    version,
    url,
    headers,
    body: parse(text),
    actor,
    roles,
    inBatch: false,
    baseUrl,
    ip,
  };
  return /^\/(\$|%24)batch$/i.test(url) ? batch(world, incoming) : dispatch(world, incoming);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export async function startGraphServer(world: World, wantedPort: number): Promise<GraphServer> {
  let baseUrl = "";
  let resetUntil = 0;
  let comeBack: NodeJS.Timeout | undefined;
  const server = createServer((request, response) => {
    if (Date.now() < resetUntil) {
      request.socket.destroy();
      return;
    }
    answer(world, request, baseUrl).then(
      (outcome) => (outcome.drop ? request.socket.destroy() : send(response, outcome.reply)),
      (error: unknown) =>
        send(response, failure(500, "InternalServerError", `The twin itself failed: ${String(error)}`)),
    );
  });
  const port = await listen(server, wantedPort);
  baseUrl = `http://127.0.0.1:${port}`;
  return {
    url: baseUrl,
    async outage(forMs, kind) {
      if (kind === "reset") {
        resetUntil = Date.now() + forMs;
        server.closeAllConnections();
        return;
      }
      await close(server);
      comeBack = setTimeout(() => void listen(server, port), forMs);
    },
    async stop() {
      clearTimeout(comeBack);
      await close(server);
    },
  };
}

export { close as closeServer, listen as listenOn };
