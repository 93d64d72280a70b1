/** The Graph SDK's client over our own middleware chain. Every answer is a value, also that none came. */
import { Client, type GraphRequest, type Middleware, ResponseType } from "@microsoft/microsoft-graph-client";
import type { ApiAnswer, ApiRequest } from "../ports/tenant.ts";
import { notSent, type Service } from "./answers.ts";
import { authLink, type GetToken } from "./auth.ts";
import { Call, type CallFacts } from "./call.ts";
import { graphCallHeaders, type HeadersOf, headersLink } from "./headers.ts";
import { hostCheckLink } from "./host-check.ts";
import { lanesLink } from "./lanes.ts";
import { type RetryParts, retryLink } from "./retry.ts";
import { timeoutLink } from "./timeout.ts";
import { wireLink } from "./wire.ts";

export interface TransportParts extends RetryParts {
  /** origin of the service, without a version: `https://graph.microsoft.com` */
  readonly baseUrl: string;
  readonly getToken: GetToken;
  readonly requestTimeoutMs: number;
}

/** Sends one HTTP request through the chain. Throws only what the caller's `onSent` throws. */
export type Transport = (facts: CallFacts) => Promise<ApiAnswer>;

export function createTransport(parts: TransportParts): Transport {
  const client = Client.initWithMiddleware({
    baseUrl: parts.baseUrl,
    middleware: [...chain(parts, { service: "Graph", headers: graphCallHeaders })],
  });
  return async (facts) => {
    const call = new Call(facts);
    const { version, path } = facts.request;
    const request = client.api(escapeScheme(path)).version(version);
    try {
      await dispatch(request.middlewareOptions([call]).responseType(ResponseType.RAW), facts.request);
    } catch (error) {
      throw call.thrown === null ? error : call.thrown.error;
    }
    return (
      call.answer ?? notSent("unsent", "The request never reached the wire; this is a bug in the middleware chain.")
    );
  };
}

/** What differs between the services. */
interface Dialect {
  readonly service: Service;
  readonly headers: HeadersOf;
}

export function chain(parts: TransportParts, { service, headers }: Dialect): readonly [Middleware, ...Middleware[]] {
  const { clock } = parts;
  return [
    headersLink(headers),
    hostCheckLink(parts.baseUrl),
    retryLink(parts),
    authLink(parts.getToken, clock, service),
    lanesLink(parts.lanes),
    timeoutLink(clock, parts.requestTimeoutMs),
    wireLink(clock, service, parts.answered),
  ];
}

function dispatch(request: GraphRequest, { method, body }: ApiRequest): Promise<unknown> {
  if (method === "GET") return request.get();
  if (method === "DELETE") return request.delete();
  // without a body none is sent: the SDK would write null as JSON, which Graph's actions do not take
  if (method === "PUT") return request.put(body);
  return method === "POST" ? request.post(body) : request.patch(body);
}

/** The SDK takes `https://` anywhere in a path, a filter's literal included, for the host to send our token to. */
function escapeScheme(path: string): string {
  return path.replaceAll("://", "%3A//");
}
