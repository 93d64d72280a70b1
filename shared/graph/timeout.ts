/** Aborts a request that outlives its own limit or its caller's deadline. */
import type { Clock } from "../ports/clock.ts";
import { notSent } from "./answers.ts";
import { link } from "./call.ts";

export function timeoutLink(clock: Clock, requestTimeoutMs: number) {
  return link(async (call, context, next) => {
    const leftMs = call.facts.options.deadlineAt - clock.now();
    if (leftMs <= 0) {
      call.answer = notSent("deadline", "The deadline passed before the request could be sent.", { retryable: true });
      return;
    }
    context.options = {
      ...context.options,
      signal: AbortSignal.timeout(Math.ceil(Math.min(leftMs, requestTimeoutMs))),
    };
    await next();
  });
}
