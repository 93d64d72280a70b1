/** A loopback HTTP server that answers as each test says, and a tenant that talks to it. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { createGraphTenant, type TenantOptions } from "../../shared/graph/graph-tenant.ts";
import type { LogFields } from "../../shared/ports/logger.ts";
import type { Tenant } from "../../shared/ports/tenant.ts";
import { type JumpingClock, jumpingClock } from "./clocks.ts";

export interface InnerRequest {
  readonly id: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** parsed JSON; the inner requests are there in a batch only */
  readonly body: { readonly requests: readonly InnerRequest[] } | null;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Handler = (request: Seen, nth: number) => Reply | "drop" | "hang";

export interface Rig {
  readonly tenant: Tenant;
  readonly seen: Seen[];
  readonly clock: JumpingClock;
  readonly logged: string[];
  readonly baseUrl: string;
  /** a deadline far enough for everything */
  readonly deadlineAt: number;
  /** what the tenant was made of, for another at the same server */
  readonly options: TenantOptions;
}

export async function rig(handler: Handler, options: Partial<TenantOptions> = {}): Promise<Rig> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const raw = await text(request);
    const one = {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body: raw === "" ? null : JSON.parse(raw),
    };
    seen.push(one);
    const reply = handler(one, seen.length);
    if (reply === "hang") return;
    if (reply === "drop") {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    response.end(
      typeof reply.body === "string" ? reply.body : reply.body === undefined ? "" : JSON.stringify(reply.body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = jumpingClock();
  const logged: string[] = [];
  const log = (message: string, fields?: LogFields) => void logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const logger = { debug: log, info: log, warn: log, error: log };
  const getToken = async () => "test-token";
  const random = () => 0.5;
  const given = { baseUrl, getToken, clock, random, logger, requestTimeoutMs: 5_000, ...options };
  return {
    tenant: createGraphTenant(given),
    seen,
    clock,
    logged,
    baseUrl,
    deadlineAt: clock.now() + 60_000,
    options: given,
  };
}

export function graphError(code: string, innerError: unknown = {}) {
  return { error: { code, message: `About ${code}`, innerError } };
}
