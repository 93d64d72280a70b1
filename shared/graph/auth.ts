/** Puts our access token on the request. One that is refused is not sent again at once: we would be given the same one. */
import type { Clock } from "../ports/clock.ts";
import { notSent, type Service } from "./answers.ts";
import { link, setHeaders } from "./call.ts";

/** Answers an access token for the service. Rejects when there is none to be had. */
export type GetToken = () => Promise<string>;

export function authLink(getToken: GetToken, clock: Clock, service: Service) {
  return link(async (call, context, next) => {
    const leftMs = call.facts.options.deadlineAt - clock.now();
    const token = await tokenWithin(getToken, leftMs).catch((cause: unknown) => ({ cause }));
    if (typeof token === "string") {
      setHeaders(context, { Authorization: `Bearer ${token}` });
      return next();
    }
    const message = `No access token for ${service} could be had; nothing was sent. Check the managed identity.`;
    call.answer = notSent("token", message, { retryable: true, cause: token.cause });
  });
}

async function tokenWithin(getToken: GetToken, leftMs: number): Promise<string> {
  const token = await within(getToken(), leftMs);
  // fetch quotes a header value it refuses in its error message; a token must never get there.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError("The access token is empty or holds characters no token has.");
  return token;
}

/** Real time, like the timeout on the wire: a token service that hangs must not hang us. */
async function within<T>(promise: Promise<T>, leftMs: number): Promise<T> {
  const late = AbortSignal.timeout(Math.max(0, Math.ceil(leftMs)));
  const tooLate = new Promise<never>((_resolve, reject) => {
    late.addEventListener("abort", () => reject(late.reason), { once: true });
  });
  return Promise.race([promise, tooLate]);
}
