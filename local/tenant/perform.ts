/** One change by somebody else than us, done as Graph does it, and written into the journal. */
import { admit } from "./admission.ts";
import type { Call, Reply } from "./call.ts";
import type { GraphVersion } from "./description.ts";
import { actorId, handle } from "./dispatch.ts";
import type { Actor } from "./types.ts";
import type { World } from "./world.ts";

/** What people's and attackers' requests say they are. */
export const browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";

/** Where an actor's requests come from. */
export function addressOf(actor: Actor): string {
  return actor.kind === "user" ? actor.ipAddress : "203.0.113.66";
}

export interface HandsRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** below `/v1.0`, e.g. `/applications/{id}/addPassword` */
  readonly path: string;
  readonly body?: unknown;
  readonly version?: GraphVersion;
  /** of the audit records; left out: one of its own */
  readonly correlationId?: string;
}

/**
 * Does a change as Graph would, past tokens, quotas and faults.
 * @throws Error when the twin refuses it
 */
export function perform(world: World, actor: Actor, request: HandsRequest): Reply {
  const version = request.version ?? "v1.0";
  const ip = addressOf(actor);
  const headers = { "content-type": "application/json" };
  const asked = { version, url: request.path, headers, method: request.method, body: request.body } as const;
  const admitted = admit(world, asked);
  const requestId = world.random.guid();
  const correlationId = request.correlationId ?? requestId;
  const about = {
    version,
    headers,
    method: request.method,
    body: request.body,
    actor,
    ip,
    roles: undefined,
  } as const;
  const outcome =
    "reply" in admitted
      ? { reply: admitted.reply, effective: false }
      : handle(
          world,
          {
            ...about,
            path: admitted.path,
            template: admitted.operation.template,
            params: admitted.operation.params,
            query: admitted.query,
            userAgent: browser,
            correlationId,
            baseUrl: "",
          } satisfies Call,
          false,
        );
  const { reply, effective } = outcome;
  if (reply.status >= 400)
    throw new Error(`${request.method} ${request.path} was refused: ${JSON.stringify(reply.body)}`);
  if (request.method === "GET") return reply;
  const who = { by: actorId(actor), ours: false, clientRequestId: null, requestId, fault: null } as const;
  const what = { at: world.now(), method: request.method, version, path: request.path, body: null } as const;
  world.journal.write({ ...who, ...what, lane: "directory-write", inBatch: false, status: reply.status, effective });
  return reply;
}
