/** Azure Resource Manager over HTTP: checks token and api-version, counts quota, strikes faults, answers, keeps the journal. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultEffect } from "../tenant/faults.ts";
import { closeServer, listenOn } from "../tenant/server.ts";
import type { Actor } from "../tenant/types.ts";
import type { World } from "../tenant/world.ts";
import { type ArmCall, type ArmReply, armError } from "./arm-call.ts";
import { findArm } from "./arm-routes.ts";

export interface ArmServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  stop(): Promise<void>;
}

interface Outcome {
  readonly reply: ArmReply;
  readonly drop: boolean;
  readonly effective: boolean;
}

const unauthorised: Readonly<Record<string, readonly [code: string, message: string]>> = {
  missing: ["AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."],
  unknown: ["InvalidAuthenticationToken", "The access token is invalid."],
  expired: ["ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time."],
  "wrong-audience": [
    "InvalidAuthenticationTokenAudience",
    "The access token has been obtained for the wrong audience.",
  ],
};

function parse(body: string): unknown {
  try {
    return body === "" ? undefined : JSON.parse(body);
  } catch {
    return body;
  }
}

function callOf(request: IncomingMessage, body: string, actor: Actor, baseUrl: string): ArmCall {
  const url = new URL(request.url ?? "/", baseUrl);
  const path = decodeURIComponent(url.pathname);
  return { method: request.method ?? "GET", path, query: url.searchParams, body: parse(body), actor, baseUrl };
}

function struck(effect: FaultEffect): Outcome | null {
  if (effect.dropConnection) return { reply: { status: 0 }, drop: true, effective: false };
  if (effect.status === undefined) return null;
  const code = effect.code ?? (effect.status === 429 ? "TooManyRequests" : "ServiceUnavailable");
  const reply = armError(effect.status, code, "The service could not answer this request.");
  return { reply: { ...reply, headers: effect.headers ?? {} }, drop: false, effective: false };
}

function throttled(world: World, call: ArmCall): ArmReply | null {
  const appId = call.actor.kind === "app" ? call.actor.appId : call.actor.id;
  const refused = world.quotas.take(appId, [{ bucket: call.method === "GET" ? "azureReads" : "azureWrites", cost: 1 }]);
  if (!refused) return null;
  const reply = armError(429, "TooManyRequests", "The request is being throttled.");
  return { ...reply, headers: { "Retry-After": String(refused.retryAfterSeconds ?? 1) } };
}

/** Answers one request of a known caller, and writes it down. Without network, quota or fault, too: for the hands. */
export function perform(world: World, call: ArmCall, effect: FaultEffect | null = null, ours = false): Outcome {
  const { problem, run } = findArm(world, call);
  const url = `${call.path}?${call.query.toString()}`;
  const at = { at: world.now(), method: call.method, version: "arm", path: url };
  if (problem !== null) world.journal.violation({ ...at, reason: problem, side: "request" });
  const before = world.gate.revision;
  const failed = effect === null ? null : struck(effect);
  const limited = ours ? throttled(world, call) : null;
  world.gate.suspended = effect?.noEffect === true;
  try {
    const reply = failed?.reply ?? limited ?? run();
    const drop = failed?.drop === true || effect?.applyThenDrop === true;
    const outcome = { reply, drop, effective: world.gate.revision !== before };
    note(world, call, at, outcome, effect, ours);
    return outcome;
  } finally {
    world.gate.suspended = false;
  }
}

function note(
  world: World,
  { actor, body, method }: ArmCall,
  at: { readonly at: number; readonly method: string; readonly version: string; readonly path: string },
  { reply, drop, effective }: Outcome,
  effect: FaultEffect | null,
  overNetwork: boolean,
): void {
  const by = actor.kind === "app" ? actor.servicePrincipalId : actor.id;
  const fault = effect ? Object.keys(effect).join("+") : null;
  const rest = {
    lane: "azure",
    inBatch: false,
    by,
    requestId: world.random.guid(),
    clientRequestId: null,
    fault,
  } as const;
  const entry = { ...at, ...rest, status: drop ? 0 : reply.status };
  if (overNetwork) world.journal.request(entry);
  if (method !== "GET")
    world.journal.write({ ...entry, ours: by === world.runtime.servicePrincipalId, effective, body });
}

async function answer(world: World, request: IncomingMessage, baseUrl: string): Promise<Outcome> {
  const body = await text(request);
  if (world.settings.latencyMs > 0) await sleep(world.settings.latencyMs);
  const token = world.tokens.check(request.headers.authorization, "azure");
  if (typeof token === "string") {
    const [code = "", message = ""] = unauthorised[token] ?? [];
    return { reply: armError(401, code, message), drop: false, effective: false };
  }
  const call = callOf(request, body, token.actor, baseUrl);
  const path = `/arm${request.url ?? "/"}`;
  const effect = world.faults.strike({ method: call.method, path, by: token.actor.servicePrincipalId });
  if (effect?.delayMs) await sleep(effect.delayMs);
  return perform(world, call, effect, true);
}

function send(world: World, response: ServerResponse, reply: ArmReply): void {
  const id = world.random.guid();
  const type = reply.body === undefined ? {} : { "Content-Type": "application/json; charset=utf-8" };
  response.writeHead(reply.status, {
    ...type,
    "x-ms-request-id": id,
    "x-ms-correlation-request-id": id,
    ...reply.headers,
  });
  response.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
}

/** @param port 0 takes a free one */
export async function startArmServer(world: World, port: number): Promise<ArmServer> {
  let url = "";
  const server = createServer((request, response) => {
    answer(world, request, url).then(
      ({ reply, drop }) => (drop ? request.socket.destroy() : send(world, response, reply)),
      (error: unknown) =>
        send(world, response, armError(500, "InternalServerError", `The twin itself failed: ${String(error)}`)),
    );
  });
  url = `http://127.0.0.1:${await listenOn(server, port)}`;
  return { url, stop: () => closeServer(server) };
}
