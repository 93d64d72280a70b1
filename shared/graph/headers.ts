/** Headers every request of ours carries, as each service wants them. */
import type { ApiRequest, CallOptions } from "../ports/tenant.ts";
import { link, setHeaders } from "./call.ts";

/** The headers of one request. */
export type HeadersOf = (request: ApiRequest, options: CallOptions) => Record<string, string>;

/**
 * Without this preference Graph answers `unknownFutureValue` for newer enum members, which hides newer risk types (Graph best
 * practices, evolvable enumerations). Other preferences of the request are kept.
 */
function prefer(given: string | undefined): string {
  const wanted = "include-unknown-enum-members";
  return given === undefined ? wanted : `${wanted}, ${given}`;
}

/** Headers of one Graph request, alone or inside a `$batch` (inner requests do not inherit the outer headers). */
export function graphHeaders(request: ApiRequest, options: CallOptions): Record<string, string> {
  const { Prefer, prefer: lower, ...rest } = request.headers ?? {};
  return {
    ...rest,
    Prefer: prefer(Prefer ?? lower),
    "x-ms-throttle-priority": options.priority ?? "normal",
  };
}

/** Graph takes our request id as `client-request-id`. */
export const graphCallHeaders: HeadersOf = (request, options) => ({
  ...graphHeaders(request, options),
  ...(options.clientRequestId === undefined ? {} : { "client-request-id": options.clientRequestId }),
});

/** Resource Manager takes it as `x-ms-client-request-id` (Resource Manager, common request headers). */
export const armCallHeaders: HeadersOf = ({ headers }, { clientRequestId }) => ({
  ...headers,
  ...(clientRequestId === undefined ? {} : { "x-ms-client-request-id": clientRequestId }),
});

export function headersLink(headersOf: HeadersOf) {
  return link(async (call, context, next) => {
    setHeaders(context, headersOf(call.facts.request, call.facts.options));
    await next();
  });
}
