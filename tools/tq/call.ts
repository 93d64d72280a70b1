/** One call of the API: by its route, so that what comes back has the route's type, and a refusal its own words. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { Problem } from "../../shared/api/problem.ts";
import type { Route } from "../../shared/api/route.ts";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import type { Connection } from "./connection.ts";

/** The app refused; `status` is HTTP's. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    const wrong = (problem.errors ?? []).map(({ where, problem: what }) => `\n  ${where}: ${what}`).join("");
    super(`${problem.detail}${wrong}`);
    this.name = "Refused";
    this.status = problem.status;
    this.problem = problem;
  }
}

interface Said<R extends Route> {
  readonly params?: z.input<R["params"]>;
  readonly query?: z.input<R["query"]>;
  readonly body?: R["body"] extends z.ZodType ? z.input<R["body"]> : never;
  readonly ifMatch?: string;
}

export interface Answered<R extends Route> {
  readonly body: z.output<R["answer"]["schema"]>;
  readonly etag: string | null;
  /** below the host, of what was accepted and goes on */
  readonly location: string | null;
}

const timeoutMs = 60_000;
const waitsMs = [500, 2_000, 5_000];

/** Throws Refused, RetryableError (not reachable, busy) and TerminalError (an answer that is none of ours). */
export async function call<R extends Route>(
  connection: Connection,
  route: R,
  said: Said<R> = {},
): Promise<Answered<R>> {
  const response = await send(connection, route, said as Said<Route>, "application/json");
  const body: unknown = await response.json().catch(() => null);
  const parsed = route.answer.schema.safeParse(body);
  if (!parsed.success) throw notOurs(connection, route, response.status, parsed.error);
  return {
    body: parsed.data as z.output<R["answer"]["schema"]>,
    etag: response.headers.get("etag"),
    location: response.headers.get("location"),
  };
}

/** The answer as it came, byte for byte: of what is signed as a file, or made for people. */
export async function callForText(
  connection: Connection,
  route: Route,
  said: Said<Route>,
  contentType: string,
): Promise<string> {
  return (await send(connection, route, said, contentType)).text();
}

/** What may have been lost on the way is sent again under the same key, so that it is done once. */
async function send(connection: Connection, route: Route, said: Said<Route>, accept: string): Promise<Response> {
  const request = await requestFor(connection, route, said, accept);
  const isSafeTwice = route.method !== "POST" || route.idempotent === true;
  for (const waitMs of isSafeTwice ? waitsMs : []) {
    const response = await fetch(...request).catch(() => null);
    if (response !== null && !isBusy(response)) return refusing(connection, route, response);
    await response?.body?.cancel();
    await sleep(waitMs);
  }
  const last = await fetch(...request).catch((cause: unknown) => {
    const message = `${connection.url} cannot be reached: is the address right, and does the app run?`;
    throw new RetryableError(message, { code: "unreachable", cause });
  });
  return refusing(connection, route, last);
}

/** Also while the first request of the same key is still at work, which answers 409 and when to come again. */
function isBusy({ status, headers }: Response): boolean {
  return status === 503 || (status >= 400 && headers.has("retry-after"));
}

async function requestFor(
  connection: Connection,
  route: Route,
  { params = {}, query = {}, body, ifMatch }: Said<Route>,
  accept: string,
): Promise<[URL, RequestInit]> {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name] ?? "")));
  const url = new URL(`${connection.url}/api${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const headers: Record<string, string> = { accept };
  if (route.role !== null) headers.authorization = `Bearer ${await connection.token()}`;
  if (route.idempotent === true) headers["idempotency-key"] = randomUUID();
  if (ifMatch !== undefined) headers["if-match"] = ifMatch;
  if (body !== undefined) headers["content-type"] = "application/json";
  const init: RequestInit = {
    method: route.method,
    headers,
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  };
  return [url, body === undefined ? init : { ...init, body: JSON.stringify(body) }];
}

async function refusing(connection: Connection, route: Route, response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  const problem = problemIn(text);
  if (problem === null) throw notOurs(connection, route, response.status);
  if (isBusy(response)) throw new RetryableError(problem.detail, { code: "busy" });
  throw new Refused(problem);
}

function problemIn(text: string): Problem | null {
  try {
    return Problem.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function notOurs({ url }: Connection, { id }: Route, status: number, cause?: unknown): TerminalError {
  const message =
    status === 401
      ? `${url} does not take the token: sign in anew`
      : `${url} answered ${id} with ${status} and nothing that this tq understands: is the address right, and are both of one version?`;
  return new TerminalError(message, { code: status === 401 ? "not-signed-in" : "not-ours", cause });
}
