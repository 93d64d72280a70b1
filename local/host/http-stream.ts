// The library's stream mode (`enableHttpStream`): the request goes to the library's own proxy, not through RPC data.
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";

/**
 * Pipes a request to the library's proxy and its answer back.
 * @param proxyUrl the `HttpUri` capability the library announced
 * @param signal aborted when the invocation failed, for then the proxy would never answer
 */
export function pipeThroughProxy(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  proxyUrl: string,
  invocationId: string,
  signal: AbortSignal,
): Promise<void> {
  const target = new URL(incoming.url ?? "/", proxyUrl);
  const headers = {
    ...incoming.headers,
    "x-ms-invocation-id": invocationId,
    "x-forwarded-host": incoming.headers.host ?? "localhost",
    "x-forwarded-proto": "http",
  };
  return new Promise((resolve, reject) => {
    const forwarded = httpRequest(target, { method: incoming.method, headers, signal }, (answer) => {
      const { "x-ms-invocation-id": _internal, ...answerHeaders } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 500, answerHeaders);
      answer.pipe(outgoing);
      answer.once("end", resolve);
      answer.once("error", reject);
    });
    forwarded.once("error", reject);
    incoming.pipe(forwarded);
  });
}
