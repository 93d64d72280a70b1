/** What a handler of the API is given and what it answers; everything about HTTP is done around it. */
import type { z } from "zod";
import type { Route } from "../../shared/api/route.ts";
import type { Caller } from "../../shared/domain/caller.ts";
import type { createIngest } from "../../shared/engine/ingest/ingest.ts";
import type { EventSource } from "../../shared/ports/event-source.ts";
import type { Services } from "../../shared/ports/services.ts";

/** No tenant: no operation calls Graph. What Graph must answer, the writer reads. */
export interface ApiServices
  extends Pick<Services, "clock" | "logger" | "outcomes" | "policy" | "queue" | "signer" | "stores"> {
  readonly events: EventSource;
  /** takes a record again, as if its hub had brought it */
  readonly ingest: ReturnType<typeof createIngest>;
}

export interface Call<R extends Route> {
  readonly services: ApiServices;
  readonly caller: Caller;
  readonly params: z.output<R["params"]>;
  readonly query: z.output<R["query"]>;
  readonly body: R["body"] extends z.ZodType ? z.output<R["body"]> : null;
  /** of `If-Match`, without its quotes; null: not said */
  readonly ifMatch: string | null;
  readonly idempotencyKey: string | null;
  /** what the caller would rather have: the first of the route's content types that `Accept` takes */
  readonly accepts: string;
}

/** What the engine answers is never changed, and fits the schemas, which do not say so. */
type Immutable<T> = T extends readonly (infer E)[]
  ? readonly Immutable<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Immutable<T[K]> }
    : T;

/** Refusals are thrown: TerminalError with a code of `problems.ts`, RetryableError for storage. */
export interface Reply<R extends Route> {
  readonly body: Immutable<z.input<R["answer"]["schema"]>>;
  /** instead of the body as JSON; `contentSecurityPolicy` where a page needs another one than all answers have */
  readonly text?: {
    readonly contentType: string;
    readonly content: string;
    readonly contentSecurityPolicy?: string;
  };
  readonly etag?: string;
  /** below `/api` */
  readonly location?: string;
}

export type Handler<R extends Route> = (call: Call<R>) => Promise<Reply<R>>;

/** An operation with its handler, its types no longer needed. */
export interface Operation {
  readonly route: Route;
  readonly handle: Handler<Route>;
}

/** The schemas have been applied when it is called, so the precise types hold. */
export function operation<R extends Route>(route: R, handle: Handler<R>): Operation {
  return { route, handle: handle as unknown as Handler<Route> };
}
