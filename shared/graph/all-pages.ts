/** A read of a whole collection: its pages as one answer, and what a tenant without the licence cannot have as an empty one. */
import type { ApiAnswer, ApiRequest, ApiSuccess, CallOptions } from "../ports/tenant.ts";
import { pagesAfter } from "./pages.ts";
import type { Transport } from "./transport.ts";

/** 100,000 entries where a page holds a thousand: more than that is a scan, and scans use `pages`. */
const defaultPageCap = 100;

interface Collector {
  readonly transport: Transport;
  readonly baseUrl: string;
  readonly pageCap?: number;
}

/** Unchanged for what asks neither for all pages nor for an empty collection. A page that fails is the whole answer. */
export async function completed(
  request: ApiRequest,
  answer: ApiAnswer,
  options: CallOptions,
  { transport, baseUrl, pageCap = defaultPageCap }: Collector,
): Promise<ApiAnswer> {
  if (!answer.ok) {
    const { status, code, requestId } = answer;
    return request.emptyWhen?.includes(code) === true ? { ok: true, status, body: { value: [] }, requestId } : answer;
  }
  if (request.allPages !== true) return answer;
  const pages: ApiSuccess[] = [answer];
  for await (const page of pagesAfter(request, answer, options, transport, baseUrl, pageCap)) {
    if (!page.ok) return page;
    pages.push(page);
  }
  return pages.length === 1 ? answer : { ...answer, body: merged(pages) };
}

/** The first page's body with everybody's entries and no link. */
function merged(pages: readonly ApiSuccess[]): unknown {
  const { "@odata.nextLink": _odata, nextLink: _arm, ...first } = Object(pages[0]?.body) as Record<string, unknown>;
  return { ...first, value: pages.flatMap(({ body }) => entriesOf(body)) };
}

function entriesOf(body: unknown): readonly unknown[] {
  if (typeof body !== "object" || body === null || !("value" in body)) return [];
  return Array.isArray(body.value) ? body.value : [];
}
