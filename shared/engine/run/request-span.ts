/** A request as a span: what is sent where, by the template of its path, and how it was answered. */
import type { Telemetry } from "../../ports/telemetry.ts";
import type { ApiAnswer, ApiRequest } from "../../ports/tenant.ts";

export function asSpan(telemetry: Telemetry, request: ApiRequest, send: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  const attributes = {
    "http.request.method": request.method,
    "url.template": templateOf(request.path),
    "tourniquet.lane": request.lane,
  };
  return telemetry.span("tourniquet.request", { attributes }, async (say) => {
    const answer = await send();
    say({
      "http.response.status_code": answer.status,
      ...(answer.requestId === null ? {} : { "tourniquet.request.id": answer.requestId }),
      ...(answer.ok ? {} : { "error.type": answer.code }),
    });
    return answer;
  });
}

/** What is no plain word of the API is somebody's id; the query may name anything, so it is left out. */
function templateOf(path: string): string {
  const [way = ""] = path.split("?");
  return way
    .split("/")
    .map((part) => (/^[$A-Za-z.]*$/.test(part) ? part : "{}"))
    .join("/");
}
