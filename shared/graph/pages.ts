/** Walks a paged collection. Next links come from the answer, so they are checked before our token follows them. */
import type { ApiAnswer, ApiRequest, CallOptions } from "../ports/tenant.ts";
import { notSent } from "./answers.ts";
import { nextPath } from "./host-check.ts";
import { readOne } from "./read.ts";
import type { Transport } from "./transport.ts";

/** 999 a page at most, so ten million objects: beyond any tenant, and an end to a server that never stops. */
const defaultPageCap = 10_000;

/** One answer a page; ends after the last page or with a failure. */
export async function* readPages(
  first: ApiRequest,
  options: CallOptions,
  transport: Transport,
  baseUrl: string,
  pageCap = defaultPageCap,
): AsyncGenerator<ApiAnswer, void> {
  let request = first;
  for (let page = 0; page < pageCap; page++) {
    const answer = await readOne(request, options, transport);
    yield answer;
    const next = answer.ok ? nextLink(answer.body) : null;
    if (next === null) return;
    const path = nextPath(next, baseUrl, request.version);
    if (path === null) {
      yield notSent(
        "wrong-host",
        "The next page's link leads away from the configured Graph host and was not followed.",
      );
      return;
    }
    request = { ...request, path };
  }
  yield notSent("too-many-pages", `Stopped after ${pageCap} pages; narrow the request with $filter.`);
}

function nextLink(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("@odata.nextLink" in body)) return null;
  const link = body["@odata.nextLink"];
  return typeof link === "string" && link !== "" ? link : null;
}
