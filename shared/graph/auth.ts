/** Puts our access token on the request. One that Graph refuses is not sent again at once: we would be given the same one. */
import type { Context } from "@microsoft/microsoft-graph-client";
import type { Clock } from "../ports/clock.ts";
import { notSent } from "./answers.ts";
import { type Call, link, setHeaders } from "./call.ts";

/** Answers an access token for Graph. Rejects when there is none to be had. */
export type GetToken = () => Promise<string>;

export function authLink(getToken: GetToken, clock: Clock) {
  return link(async (call, context, next) => {
    if (await authorize(call, context, getToken, clock)) await next();
  });
}

async function authorize(call: Call, context: Context, getToken: GetToken, clock: Clock) {
  try {
    const token = await within(getToken(), call.facts.options.deadlineAt - clock.now());
    // fetch quotes a header value it refuses in its error message; a token must never get there.
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new TypeError("The access token is empty or holds characters no token has.");
    setHeaders(context, { Authorization: `Bearer ${token}` });
    return true;
  } catch (cause) {
    const message = "No access token for Microsoft Graph could be had; nothing was sent. Check the managed identity.";
    call.answer = notSent("token", message, { retryable: true, cause });
    return false;
  }
}

/** Real time, like the timeout on the wire: a token service that hangs must not hang us. */
async function within<T>(promise: Promise<T>, leftMs: number): Promise<T> {
  const late = AbortSignal.timeout(Math.max(0, Math.ceil(leftMs)));
  const tooLate = new Promise<never>((_resolve, reject) => {
    late.addEventListener("abort", () => reject(late.reason), { once: true });
  });
  return Promise.race([promise, tooLate]);
}
