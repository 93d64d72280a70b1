/** `$batch`: up to 20 requests in one envelope; each is judged, counted and answered by itself. */
import { admit } from "./admission.ts";
import type { Reply } from "./call.ts";
import { failure } from "./call.ts";
import { dispatch, type Incoming, type Outcome } from "./dispatch.ts";
import type { World } from "./world.ts";

interface Inner {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly dependsOn?: readonly string[];
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function incomingOf(outer: Incoming, inner: Inner): Incoming {
  const url = inner.url.startsWith("/") ? inner.url : `/${inner.url}`;
  const inherited = ["client-request-id", "user-agent"].flatMap((name) => {
    const value = outer.headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const headers = { ...Object.fromEntries(inherited), ...lowerCased(inner.headers) };
  return { ...outer, method: inner.method.toUpperCase(), url, headers, body: inner.body, inBatch: true };
}

/** What is wrong with the envelope as a whole, beyond its schema. */
function faultOf(requests: readonly Inner[]): string | null {
  const ids = new Set(requests.map((inner) => inner.id));
  if (ids.size !== requests.length) return "two requests have the same id";
  if (requests.some((inner) => /\$batch|%24batch/i.test(inner.url))) return "a batch inside of a batch";
  const strangers = requests.some((inner) => inner.dependsOn?.some((id) => !ids.has(id) || id === inner.id));
  return strangers ? "dependsOn names a request that is not there" : null;
}

/** Runs all; a request waits for what it depends on, and fails with 424 when that failed. */
async function runAll(world: World, outer: Incoming, requests: readonly Inner[]): Promise<Map<string, Outcome>> {
  const started = new Map<string, Promise<Outcome>>();
  const byId = new Map(requests.map((inner) => [inner.id, inner]));
  async function one(inner: Inner): Promise<Outcome> {
    const before = await Promise.all((inner.dependsOn ?? []).map(start));
    if (before.some((outcome) => outcome.reply.status >= 400)) {
      return { reply: failure(424, "FailedDependency", "A request this one depends on failed."), drop: false };
    }
    return dispatch(world, incomingOf(outer, inner));
  }
  function start(id: string): Promise<Outcome> {
    const inner = byId.get(id);
    if (!inner) throw new Error(`No request ${id} in this batch.`);
    const running = started.get(id) ?? one(inner);
    started.set(id, running);
    return running;
  }
  const outcomes = await Promise.all(requests.map(async (inner) => [inner.id, await start(inner.id)] as const));
  return new Map(outcomes);
}

function partOf(id: string, reply: Reply): object {
  const type = reply.body === undefined ? {} : { "Content-Type": "application/json" };
  const headers = { ...type, ...reply.headers };
  return { id, status: reply.status, headers, ...(reply.body === undefined ? {} : { body: reply.body }) };
}

/** Answers a `$batch`. One dropped inner connection drops the whole: there is only one. */
export async function batch(world: World, outer: Incoming): Promise<Outcome> {
  const requestId = world.random.guid();
  const note = (status: number): void => {
    const { method, version, headers, actor } = outer;
    const by = actor.kind === "app" ? actor.servicePrincipalId : actor.id;
    const clientRequestId = headers["client-request-id"] ?? null;
    const rest = { lane: "batch", inBatch: false, fault: null } as const;
    world.journal.request({
      at: world.now(),
      method,
      version,
      path: outer.url,
      status,
      by,
      requestId,
      clientRequestId,
      ...rest,
    });
  };
  const admitted = admit(world, outer);
  if ("reply" in admitted) {
    note(400);
    return { reply: admitted.reply, drop: false };
  }
  const { requests } = outer.body as { readonly requests: readonly Inner[] };
  const wrong = faultOf(requests);
  if (wrong) {
    const { method, version, url } = outer;
    world.journal.violation({ at: world.now(), method, version, path: url, reason: wrong, side: "request" });
    note(400);
    return { reply: failure(400, "BadRequest", `Invalid batch: ${wrong}.`), drop: false };
  }
  const outcomes = await runAll(world, outer, requests);
  const drop = [...outcomes.values()].some((outcome) => outcome.drop);
  note(drop ? 0 : 200);
  const responses = [...outcomes].map(([id, outcome]) => partOf(id, outcome.reply));
  return { reply: { status: 200, body: { responses }, headers: { "request-id": requestId } }, drop };
}
