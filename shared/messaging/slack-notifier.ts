/**
 * Tells a Slack channel: one thread an incident. Its head says how the incident stands and is brought up to date; what happens comes
 * as replies, and a page is shown in the channel as well.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Notice, Notifier, Said, Telling } from "../ports/outbox.ts";
import { isUrgent } from "./chat-text.ts";
import { asFailure } from "./http-post.ts";
import { messagesOf } from "./messages.ts";
import { callSlack, isHeadLost, isUnfit, type SlackOptions } from "./slack-api.ts";
import { digestMessage, headMessage, newsMessage, type SlackMessage } from "./slack-blocks.ts";

const State = z.object({
  /** of the head */
  ts: z.string().min(1),
  /** hash of what the head shows */
  shown: z.string(),
});
type State = z.infer<typeof State>;

export function createSlackNotifier(options: SlackOptions): Notifier {
  return {
    id: "slack",
    tell: (telling) => tell(telling, options),
    digest: async (digest) => void (await say(options, digestMessage(digest), {})),
  };
}

async function tell(telling: Telling, options: SlackOptions): Promise<Said> {
  const known = State.safeParse(telling.state).data ?? null;
  const first = await tellIn(known, telling, options);
  if (!isHeadLost(first.failure)) return first;
  // somebody deleted the head: what was not told yet goes to a new thread
  const rest = telling.notices.filter(({ id }) => !first.told.includes(id));
  const second = await tellIn(null, { ...telling, notices: rest }, options);
  return { ...second, told: [...first.told, ...second.told] };
}

/** Replies first, since a page must not wait for the head; what is for the digest is told when the head is up to date. */
async function tellIn(known: State | null, telling: Telling, options: SlackOptions): Promise<Said> {
  const { notices } = telling;
  const urgent = notices.filter(isUrgent);
  const quiet = notices.filter((notice) => !isUrgent(notice)).map(({ id }) => id);
  if (known === null && urgent.length === 0) return { state: null, told: quiet, failure: null };
  let state = known;
  const told: string[] = [];
  try {
    state ??= await openThread(telling, options);
    for (const some of messagesOf(urgent)) {
      await reply(state, some, options);
      told.push(...some.map(({ id }) => id));
    }
    state = await bringUpToDate(state, telling, options);
    return { state, told: [...told, ...quiet], failure: null };
  } catch (error) {
    return { state, told, failure: asFailure("slack", error) };
  }
}

async function openThread(telling: Telling, options: SlackOptions): Promise<State> {
  const head = headMessage(telling);
  return { ts: await say(options, head, metadataOf(telling.notices)), shown: hashOf(head) };
}

async function reply({ ts }: State, notices: readonly Notice[], options: SlackOptions): Promise<void> {
  const isPage = notices.some(({ urgency }) => urgency === "page");
  const more = { thread_ts: ts, ...(isPage ? { reply_broadcast: true } : {}), ...metadataOf(notices) };
  await say(options, newsMessage(notices, options.publicUrl), more);
}

async function bringUpToDate(state: State, telling: Telling, options: SlackOptions): Promise<State> {
  const head = headMessage(telling);
  const shown = hashOf(head);
  if (shown === state.shown) return state;
  await send(options, "chat.update", head, { ts: state.ts });
  return { ...state, shown };
}

function say(options: SlackOptions, message: SlackMessage, more: Readonly<Record<string, unknown>>): Promise<string> {
  const quietly = { unfurl_links: false, unfurl_media: false, parse: "none", link_names: false };
  return send(options, "chat.postMessage", message, { ...quietly, ...more });
}

/** Laid out, or where Slack does not take that, as text alone. */
async function send(
  options: SlackOptions,
  method: "chat.postMessage" | "chat.update",
  { text, blocks }: SlackMessage,
  more: Readonly<Record<string, unknown>>,
): Promise<string> {
  const content = { channel: options.channel, text, ...more };
  try {
    return await callSlack(options, method, { ...content, blocks });
  } catch (error) {
    if (!isUnfit(error)) throw error;
    return callSlack(options, method, { ...content, text: text.slice(0, 2_000), blocks: [] });
  }
}

/** The ids stay the same in every retry, so that automation can tell a repeat. */
function metadataOf(notices: readonly Notice[]) {
  const event_payload = { notice_ids: notices.slice(0, 20).map(({ id }) => id) };
  return { metadata: { event_type: "tourniquet_notices", event_payload } };
}

function hashOf(message: SlackMessage): string {
  return createHash("sha256").update(JSON.stringify(message)).digest("base64url").slice(0, 22);
}
