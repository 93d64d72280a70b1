/** The two calls of Slack's Web API we make, and its refusals told apart (docs.slack.dev/reference/methods/chat.postMessage). */
import { z } from "zod";
import { RetryableError, TerminalError } from "../domain/errors.ts";
import { type Posted, post, refusalOf } from "./http-post.ts";

export interface SlackOptions {
  /** of the bot; sent in a header, never part of an address */
  readonly token: string;
  readonly channel: string;
  readonly apiUrl: string;
  readonly publicUrl: string | null;
  readonly timeoutMs: number;
}

const Answer = z.looseObject({ ok: z.boolean(), ts: z.string().optional(), error: z.string().optional() });

/** What passes by itself; everything else that Slack refuses, somebody has to mend. */
const passing = new Set([
  "fatal_error",
  "internal_error",
  "rate_limited",
  "ratelimited",
  "request_timeout",
  "service_unavailable",
  "team_added_to_org",
]);

/** The head of the thread is gone or can no longer be changed: a new one is needed. */
const lost = new Set([
  "cannot_reply_to_message",
  "cant_update_message",
  "edit_window_closed",
  "message_not_found",
  "thread_not_found",
]);

/** Slack does not like how it is laid out: plain text still gets through. */
const unfit = new Set(["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"]);

/** Answers the message's `ts`. Throws RetryableError or TerminalError with a code `slack-…`. */
export async function callSlack(
  { token, apiUrl, timeoutMs }: SlackOptions,
  method: "chat.postMessage" | "chat.update",
  content: Readonly<Record<string, unknown>>,
): Promise<string> {
  const headers = { Authorization: `Bearer ${token}` };
  const body = JSON.stringify(content);
  const posted = await post({ url: `${apiUrl}/api/${method}`, headers, body, timeoutMs, channel: "slack" });
  const refusal = refusalOf("slack", posted);
  if (refusal !== null) throw refusal;
  return tsOf(posted);
}

function tsOf({ text, retryAfterMs }: Posted): string {
  const answer = parse(text);
  if (answer?.ok === true && answer.ts !== undefined) return answer.ts;
  const error = (answer?.error ?? "unreadable_answer").replace(/[^a-z_]+/g, "").slice(0, 60);
  const code = `slack-${error}`;
  if (answer === null || passing.has(error)) {
    throw new RetryableError(`slack refused for now: ${error}.`, {
      code,
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
    });
  }
  throw new TerminalError(`slack refused: ${error}; see docs/notifications.md for what the app must be allowed.`, {
    code,
  });
}

function parse(text: string): z.infer<typeof Answer> | null {
  try {
    return Answer.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export function isHeadLost(error: unknown): boolean {
  return error instanceof TerminalError && lost.has(error.code.slice("slack-".length));
}

export function isUnfit(error: unknown): boolean {
  return error instanceof TerminalError && unfit.has(error.code.slice("slack-".length));
}
