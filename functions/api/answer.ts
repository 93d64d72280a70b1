/** What is sent back: a reply or a problem as status, headers and text. */
import type { HttpResponseInit } from "@azure/functions";
import type { Route } from "../../shared/api/route.ts";
import { etagHeader, isNotModified } from "./etag.ts";
import type { Reply } from "./handler.ts";
import type { Trouble } from "./problems.ts";

/** Plain data, so that it can be kept and sent again. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const apiPrefix = "/api";

/**
 * Nothing is kept by anybody on the way; nothing is taken for what it is not; and what a browser shows loads nothing, runs nothing and
 * is framed by nobody (an evidence page brings its own styles, and its file to be saved).
 */
const always = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-downloads",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

export function answerOf(route: Route, reply: Reply<Route>): Answer {
  const { etag, location, text } = reply;
  return {
    status: route.answer.status,
    headers: {
      "Content-Type": text?.contentType ?? "application/json; charset=utf-8",
      ...(text?.contentSecurityPolicy === undefined ? {} : { "Content-Security-Policy": text.contentSecurityPolicy }),
      ...(etag === undefined ? {} : { ETag: etagHeader(etag) }),
      ...(location === undefined ? {} : { Location: `${apiPrefix}${location}` }),
    },
    body: text?.content ?? JSON.stringify(reply.body),
  };
}

export function troubleAnswer({ problem, retryAfter }: Trouble): Answer {
  return {
    status: problem.status,
    headers: {
      "Content-Type": "application/problem+json",
      ...(retryAfter === null ? {} : { "Retry-After": String(retryAfter) }),
      ...(problem.status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    },
    body: JSON.stringify(problem),
  };
}

/** 304 when the caller has it already. */
export function unlessKnown(answer: Answer, ifNoneMatch: string | null, etag: string | undefined): Answer {
  if (!isNotModified(ifNoneMatch, etag)) return answer;
  const { "Content-Type": _type, ...headers } = answer.headers;
  return { status: 304, headers, body: "" };
}

export function toHttp({ status, headers, body }: Answer): HttpResponseInit {
  return { status, headers: { ...always, ...headers }, ...(status === 304 ? {} : { body }) };
}
