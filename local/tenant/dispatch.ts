/** One Graph request from the wire to its answer: description, faults, quotas, handler, journal. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Admitted, admit } from "./admission.ts";
import { authorized } from "./authorization.ts";
import { type Call, denied, failure, fields, type Reply } from "./call.ts";
import type { GraphVersion } from "./description.ts";
import type { FaultEffect } from "./faults.ts";
import { chargesOf, laneOf, resourceUnitsOf } from "./quotas.ts";
import { routes } from "./routes.ts";
import type { Actor, Lane } from "./types.ts";
import type { World } from "./world.ts";

export interface Incoming {
  readonly method: string;
  readonly version: GraphVersion;
  /** below the version, with query, as sent */
  readonly url: string;
  /** lower-case names */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly actor: Actor;
  /** application permissions of the token; undefined grants all */
  readonly roles: readonly string[] | undefined;
  readonly inBatch: boolean;
  readonly baseUrl: string;
  readonly ip: string;
}

export interface Outcome {
  readonly reply: Reply;
  /** cut the connection instead of answering */
  readonly drop: boolean;
}

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function actorId(actor: Actor): string {
  return actor.kind === "app" ? actor.servicePrincipalId : actor.id;
}

function callOf(incoming: Incoming, admitted: Admitted, requestId: string): Call {
  const { method, version, headers, body, actor, roles, ip, baseUrl } = incoming;
  const sent = headers["client-request-id"] ?? "";
  return {
    ...{ method, version, headers, body, actor, roles, ip, baseUrl },
    path: admitted.path,
    template: admitted.operation.template,
    params: admitted.operation.params,
    query: admitted.query,
    userAgent: headers["user-agent"] ?? "",
    correlationId: guidPattern.test(sent) ? sent.toLowerCase() : requestId,
  };
}

/** Lets the handler run; `effective` tells whether the tenant is different afterwards. */
export function handle(
  world: World,
  call: Call,
  noEffect: boolean,
): { readonly reply: Reply; readonly effective: boolean } {
  const handler = routes[call.version][`${call.method} ${call.template}`];
  if (!handler) throw new Error(`No handler for ${call.method} ${call.template}, though the description has it.`);
  const before = world.gate.revision;
  world.gate.suspended = noEffect;
  try {
    const reply = handler(world, call);
    return { reply, effective: world.gate.revision !== before };
  } finally {
    world.gate.suspended = false;
  }
}

function throttled(world: World, appId: string, lane: Lane, units: number): Reply | null {
  const refused = world.quotas.take(appId, chargesOf(lane, units));
  if (!refused) return null;
  return { ...failure(429, "TooManyRequests", "Too many requests."), headers: refused.headers };
}

function quotaHeaders(world: World, appId: string, lane: Lane, units: number): Record<string, string> {
  if (lane === "identity-protection" || lane === "reports") return {};
  const usage = world.quotas.usage(appId);
  const limit = usage >= 0.8 ? { "x-ms-throttle-limit-percentage": usage.toFixed(2) } : {};
  return { "x-ms-resource-unit": String(units), ...limit };
}

/** Checks the answer against the description and fills in what every Graph answer carries. */
function finish(world: World, incoming: Incoming, requestId: string, reply: Reply, admitted: Admitted | null): Reply {
  const sent = incoming.headers["client-request-id"];
  const ids = { "request-id": requestId, ...(sent === undefined ? {} : { "client-request-id": sent }) };
  const error = fields(fields(reply.body).error);
  const inner = { date: new Date(world.now()).toISOString().slice(0, 19), ...ids };
  const body = reply.status >= 400 ? { error: { ...error, innerError: inner } } : reply.body;
  const reason = admitted && world.description.checkResponse(admitted.operation, reply.status, body);
  if (reason) {
    const { method, version, url } = incoming;
    world.journal.violation({ at: world.now(), method, version, path: url, reason, side: "response" });
  }
  return { status: reply.status, ...(body === undefined ? {} : { body }), headers: { ...ids, ...reply.headers } };
}

interface Result {
  readonly reply: Reply;
  readonly effective: boolean;
  readonly drop: boolean;
}

function faulted(effect: FaultEffect | null): Result | null {
  if (effect?.dropConnection) return { reply: { status: 0 }, effective: false, drop: true };
  if (effect?.status === undefined) return null;
  const code = effect.code ?? (effect.status === 429 ? "TooManyRequests" : "ServiceUnavailable");
  const message =
    code === "Directory_ConcurrencyViolation"
      ? "Error due to concurrent requests being made to the tenant. Please wait briefly and retry."
      : "The service could not answer this request.";
  const reply = { ...failure(effect.status, code, message), headers: effect.headers ?? {} };
  return { reply, effective: false, drop: false };
}

function run(
  world: World,
  call: Call,
  lane: Lane,
  incoming: Incoming,
  admitted: Admitted,
  effect: FaultEffect | null,
): Result {
  const failed = faulted(effect);
  if (failed) return failed;
  const allowed = authorized(world, call, admitted.operation);
  const appId = incoming.actor.kind === "app" ? incoming.actor.appId : incoming.actor.id;
  const units = resourceUnitsOf(call.method, call.path, call.query);
  const refused = throttled(world, appId, lane, units) ?? (allowed ? null : denied());
  if (refused) return { reply: refused, effective: false, drop: false };
  const { reply, effective } = handle(world, call, effect?.noEffect === true);
  const headers = { ...quotaHeaders(world, appId, lane, units), ...reply.headers };
  return { reply: { ...reply, headers }, effective, drop: effect?.applyThenDrop === true };
}

function withoutSecrets(body: unknown): unknown {
  const hidden = new Set(["key", "secretText"]);
  const text = JSON.stringify(body, (name, value: unknown) => (hidden.has(name) ? undefined : value));
  return text === undefined ? undefined : JSON.parse(text);
}

function note(
  world: World,
  incoming: Incoming,
  lane: Lane,
  requestId: string,
  effect: FaultEffect | null,
  result: Result,
): void {
  const { method, version, actor, inBatch, headers } = incoming;
  const by = actorId(actor);
  const entry = {
    at: world.now(),
    ...{ method, version, lane, inBatch, by, requestId },
    path: incoming.url,
    status: result.drop ? 0 : result.reply.status,
    clientRequestId: headers["client-request-id"] ?? null,
    fault: effect ? Object.keys(effect).join("+") : null,
  };
  world.journal.request(entry);
  if (method === "GET") return;
  const ours = by === world.runtime.servicePrincipalId;
  world.journal.write({ ...entry, ours, effective: result.effective, body: withoutSecrets(incoming.body) });
}

/** Answers one request, alone or inside of a batch. Never throws for what the caller sent. */
export async function dispatch(world: World, incoming: Incoming): Promise<Outcome> {
  const requestId = world.random.guid();
  const admitted = admit(world, incoming);
  const [path = ""] = incoming.url.split("?");
  const query = "reply" in admitted ? new URLSearchParams() : admitted.query;
  const lane = laneOf(incoming.method, path, query);
  if ("reply" in admitted) {
    note(world, incoming, lane, requestId, null, { reply: admitted.reply, effective: false, drop: false });
    return { reply: finish(world, incoming, requestId, admitted.reply, null), drop: false };
  }
  const struck = { method: incoming.method, path: `/${incoming.version}${incoming.url}`, by: actorId(incoming.actor) };
  const effect = world.faults.strike(struck);
  if (effect?.delayMs) await sleep(effect.delayMs);
  const result = run(world, callOf(incoming, admitted, requestId), lane, incoming, admitted, effect);
  note(world, incoming, lane, requestId, effect, result);
  return { reply: finish(world, incoming, requestId, result.reply, admitted), drop: result.drop };
}
