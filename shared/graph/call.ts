/** One call as our middleware chain sees it: what is asked, and what came of it. The chain serves Graph and Resource Manager. */
import type { Context, Middleware, MiddlewareOptions } from "@microsoft/microsoft-graph-client";
import type { ApiAnswer, ApiRequest, CallOptions, Lane } from "../ports/tenant.ts";

export interface CallFacts {
  readonly request: ApiRequest;
  readonly options: CallOptions;
  readonly lane: Lane;
  /** tokens this call takes from its lane, one entry per Graph request in it (a `$batch` holds several) */
  readonly costs: readonly number[];
  /** doing it twice changes nothing: reads, whatever their method */
  readonly repeatable: boolean;
}

/** A class because the SDK finds a request's own options by their constructor. */
export class Call implements MiddlewareOptions {
  readonly facts: CallFacts;
  /** place in the lane: kept over retries, so that whoever was throttled is first again */
  ticket: number | null = null;
  answer: ApiAnswer | null = null;
  /** what `onSent` threw: the SDK would wrap it beyond recognition */
  thrown: { readonly error: unknown } | null = null;
  private sent = false;

  constructor(facts: CallFacts) {
    this.facts = facts;
  }

  /** Tells the caller, once per call, that from now on the change may be done. */
  markSent(): void {
    if (this.sent) return;
    this.sent = true;
    try {
      this.facts.options.onSent?.();
    } catch (error) {
      this.thrown = { error };
      throw error;
    }
  }
}

type Link = (call: Call, context: Context, next: () => Promise<void>) => Promise<void>;

/** A link of the chain. It reports by setting `call.answer`; it throws only what `onSent` threw. */
export function link(run: Link): Middleware {
  let following: Middleware | undefined;
  return {
    async execute(context) {
      await run(callOf(context), context, async () => following?.execute(context));
    },
    setNext(next) {
      following = next;
    },
  };
}

/** A context of our own making: where no SDK client stands before the chain, the call comes with it. */
export interface DirectContext extends Context {
  readonly call: Call;
}

function callOf(context: Context | DirectContext): Call {
  const call = "call" in context ? context.call : context.middlewareControl?.getMiddlewareOptions(Call);
  if (call instanceof Call) return call;
  throw new TypeError("A Graph request was made past the transport; send it with the transport's own function.");
}

export function setHeaders(context: Context, headers: Readonly<Record<string, string>>): void {
  context.options = { ...context.options, headers: { ...(context.options?.headers as object), ...headers } };
}
