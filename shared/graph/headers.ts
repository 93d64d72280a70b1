/** Headers every Graph request of ours carries. */
import type { ApiRequest, CallOptions } from "../ports/tenant.ts";
import { link, setHeaders } from "./call.ts";

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

export function headersLink() {
  return link(async (call, context, next) => {
    const { request, options } = call.facts;
    setHeaders(context, {
      ...graphHeaders(request, options),
      ...(options.clientRequestId === undefined ? {} : { "client-request-id": options.clientRequestId }),
    });
    await next();
  });
}
