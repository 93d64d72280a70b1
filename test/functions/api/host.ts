/** The API in a functions host of its own, called over sockets; and what a valid request of each route looks like. */
import { Agent, request as httpRequest } from "node:http";
import { fileURLToPath } from "node:url";
import { jsonSchema } from "../../../functions/api/openapi-schema.ts";
import { operations } from "../../../functions/api/operations.ts";
import { type HostProcess, startHost } from "../../../local/host/spawn.ts";
import { checkAnswer } from "../../support/api-description.ts";
import { type Schema, sampleOf } from "../../support/schema-sample.ts";
import { count } from "./app/count.ts";

export type AnyRoute = (typeof operations)[number]["route"];
/** The API's, and one more that tests may count on. */
export const routes: readonly AnyRoute[] = [...operations.map(({ route }) => route), count];

export interface Sent {
  readonly method: string;
  /** below the host, as it goes over the wire */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly text: string;
}

export interface ApiHost {
  readonly host: HostProcess;
  send(sent: Sent, route?: AnyRoute): Promise<Received>;
  /** every row there is */
  rows(): Promise<string>;
  log(): Promise<readonly string[]>;
  /** whether App Service Authentication stands before it; the tests play its part, so that they can say anything */
  setPlatform(state: "on" | "off"): Promise<void>;
  stop(): Promise<void>;
}

const appRoot = fileURLToPath(new URL("./app", import.meta.url));

/** `route`: what is answered is held against its description. */
export async function startApi(): Promise<ApiHost> {
  const host = await startHost({ appRoot, env: { WEBSITE_AUTH_ENABLED: undefined }, startTimeoutMs: 60_000 });
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const state = async () =>
    (await call(agent, host.port, { method: "GET", path: "/api/x-state" })).body as { log: string[]; rows: unknown };
  return {
    host,
    async send(sent, route) {
      const received = await call(agent, host.port, sent);
      if (route !== undefined && route !== count) checkAnswer(route.method, route.path, received);
      return received;
    },
    async rows() {
      const { log: _log, ...rest } = await state();
      return JSON.stringify(rest);
    },
    log: async () => (await state()).log,
    async setPlatform(wanted) {
      await call(agent, host.port, { method: "POST", path: `/api/x-platform/${wanted}` });
    },
    async stop() {
      agent.destroy();
      await host.stop();
    },
  };
}

/** Not `fetch`, which would mend paths and refuse headers on its own. */
function call(agent: Agent, port: number, { method, path, headers = {}, body = "" }: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const length = { "content-length": String(Buffer.byteLength(body)) };
    const options = {
      agent,
      host: "127.0.0.1",
      port,
      method,
      path,
      headers: { ...(body === "" ? {} : length), ...headers },
    };
    const request = httpRequest(options, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString("utf8");
      const received = { status: response.statusCode ?? 0, headers: response.headers as Record<string, string>, text };
      const isJson = /^application\/(problem\+)?json/.test(response.headers["content-type"] ?? "");
      resolve({ ...received, body: isJson ? JSON.parse(text) : text });
    });
    request.on("error", reject);
    request.end(body);
  });
}

export interface Sample {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** Fits the route's schemas and names nothing that there is. */
export function sampleFor({ params, query, body }: AnyRoute): Sample {
  const of = (schema: AnyRoute["params"]) => sampleOf(jsonSchema(schema, "input") as Schema);
  return {
    params: of(params) as Record<string, string>,
    query: of(query) as Record<string, string>,
    body: body === null ? null : (of(body) as Record<string, unknown>),
  };
}

export function sentOf(
  route: AnyRoute,
  { params, query, body }: Sample,
  headers: Readonly<Record<string, string>> = {},
): Sent {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const search = new URLSearchParams(query).toString();
  const version = route.etag === "required" ? { "if-match": '"sample"' } : {};
  const content = body === null ? {} : { "content-type": "application/json" };
  return {
    method: route.method,
    path: `/api${path}${search === "" ? "" : `?${search}`}`,
    headers: { ...content, ...version, ...headers },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  };
}
