/** Walks a paged collection. Next links come from the answer, so they are checked before our token follows them. */
import type { ApiAnswer, ApiFailure, ApiRequest, CallOptions } from "../ports/tenant.ts";
import { notSent } from "./answers.ts";
import { nextPath } from "./host-check.ts";
import { readOne } from "./read-one.ts";
import type { Transport } from "./transport.ts";

/** 999 a page at most, so ten million objects: beyond any tenant, and an end to a server that never stops. */
const defaultPageCap = 10_000;

/** One answer a page, from the request or from its `from`; ends after the last page or with a failure. */
export async function* readPages(
  first: ApiRequest,
  options: CallOptions,
  transport: Transport,
  baseUrl: string,
  pageCap = defaultPageCap,
): AsyncGenerator<ApiAnswer, void> {
  const path = first.from === undefined ? first.path : nextPath(first.from, baseUrl, first.version);
  if (path === null) {
    yield wrongHost;
    return;
  }
  const answer = await readOne({ ...first, path }, options, transport);
  yield answer;
  yield* pagesAfter(first, answer, options, transport, baseUrl, pageCap);
}

/** The pages that follow one we have: up to `pageCap` together with it. */
export async function* pagesAfter(
  first: ApiRequest,
  answered: ApiAnswer,
  options: CallOptions,
  transport: Transport,
  baseUrl: string,
  pageCap: number,
): AsyncGenerator<ApiAnswer, void> {
  let answer = answered;
  for (let page = 1; answer.ok; page++) {
    const next = nextLink(answer.body);
    if (next === null) return;
    const path = nextPath(next, baseUrl, first.version);
    if (path === null || page >= pageCap) {
      yield path === null ? wrongHost : tooManyPages(pageCap);
      return;
    }
    answer = await readOne({ ...first, path }, options, transport);
    yield answer;
  }
}

const wrongHost = notSent(
  "wrong-host",
  "The next page's link leads away from the configured host and was not followed.",
);

function tooManyPages(pageCap: number): ApiFailure {
  return notSent("too-many-pages", `Stopped after ${pageCap} pages; narrow the request with $filter.`);
}

/** Graph writes `@odata.nextLink`, Resource Manager `nextLink`. */
function nextLink(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  const link = "@odata.nextLink" in body ? body["@odata.nextLink"] : "nextLink" in body ? body.nextLink : null;
  return typeof link === "string" && link !== "" ? link : null;
}
