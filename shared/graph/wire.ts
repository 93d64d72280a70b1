/** The end of the chain: Node's fetch, which keeps connections alive. Reads the whole body while the timeout still holds. */
import type { Clock } from "../ports/clock.ts";
import { answerFrom, noAnswer, parseBody, type Service } from "./answers.ts";
import { link } from "./call.ts";
import type { RetryParts } from "./retry.ts";

export function wireLink(clock: Clock, service: Service, answered: RetryParts["answered"]) {
  return link(async (call, context) => {
    const { lane, repeatable, request } = call.facts;
    call.markSent();
    try {
      // Neither service redirects what we ask for, and following one would take the request to another host.
      const response = await fetch(context.request, { ...context.options, redirect: "manual" });
      const body = parseBody(await response.text());
      const header = (name: string) => response.headers.get(name);
      call.answer = answerFrom({ status: response.status, header, body }, repeatable, clock.now(), service);
      context.response = response;
    } catch (cause) {
      call.answer = noAnswer(cause, repeatable, service);
    }
    // of a batch that was taken, its answers count
    if (!(call.answer.ok && request.path === "/$batch")) answered?.(lane, call.answer.status);
  });
}
