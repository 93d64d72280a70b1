/** The two methods of Slack's Web API, with its refusals: a channel of messages and their threads. */
import { type Answer, channelDouble, type Received } from "./channel-double.ts";

export interface SlackMessage {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly isBroadcast: boolean;
  text: string;
  blocks: unknown[];
  readonly noticeIds: readonly string[];
}

export const slackToken = "xoxb-1-SECRET";

/** `refuse` answers instead, and nothing is done. */
export async function slackDouble(refuse: (request: Received, nth: number) => Answer | null = () => null) {
  const messages: SlackMessage[] = [];
  const double = await channelDouble((request, nth) => refuse(request, nth) ?? answer(messages, request));
  return { ...double, messages };
}

export function slackSays(error: string): Answer {
  return ok({ ok: false, error });
}

function ok(body: unknown): Answer {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function answer(messages: SlackMessage[], { path, headers, body }: Received): Answer {
  if (headers.authorization !== `Bearer ${slackToken}`) return slackSays("invalid_auth");
  const said = JSON.parse(body);
  if (said.channel !== "C1") return slackSays("channel_not_found");
  if (JSON.stringify(said.blocks).length > 13_000) return slackSays("msg_blocks_too_long");
  if (path === "/api/chat.postMessage") {
    const ts = `1700000000.${String(messages.length).padStart(6, "0")}`;
    if (said.thread_ts !== undefined && !messages.some((message) => message.ts === said.thread_ts))
      return slackSays("thread_not_found");
    messages.push({
      ts,
      threadTs: said.thread_ts ?? null,
      isBroadcast: said.reply_broadcast === true,
      text: said.text,
      blocks: said.blocks,
      noticeIds: said.metadata?.event_payload.notice_ids ?? [],
    });
    return ok({ ok: true, ts });
  }
  const message = messages.find(({ ts }) => ts === said.ts);
  if (path !== "/api/chat.update") return { status: 404 };
  if (message === undefined) return slackSays("message_not_found");
  Object.assign(message, { text: said.text, blocks: said.blocks });
  return ok({ ok: true, ts: message.ts });
}
