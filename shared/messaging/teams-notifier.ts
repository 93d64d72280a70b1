/**
 * Tells a Teams channel through a workflow that starts "when a Teams webhook request is received". The stock workflow posts each card
 * as a message of its own and answers 202 without a body, so there is no thread to go on with: one card an update, each naming the
 * incident and how it stands. A workflow that answers `{"messageId": …}` gets that back with the next card and may reply to it.
 */
import { z } from "zod";
import { RetryableError } from "../domain/errors.ts";
import type { Notifier, Said, Telling } from "../ports/outbox.ts";
import { isUrgent } from "./chat-text.ts";
import { asFailure, checkAddress, type Posted, post, refusalOf } from "./http-post.ts";
import { messagesOf } from "./messages.ts";
import { digestMessage, incidentMessage, type TeamsMessage } from "./teams-card.ts";

interface TeamsOptions {
  /** a secret by itself: whoever knows it may post */
  readonly url: string;
  readonly publicUrl: string | null;
  readonly timeoutMs: number;
}

const channel = "teams";

const State = z.object({ messageId: z.string().min(1).max(200) });

export function createTeamsNotifier(options: TeamsOptions): Notifier {
  checkAddress(channel, options.url);
  return {
    id: channel,
    tell: (telling) => tell(telling, options),
    digest: async (digest) => void (await send(digestMessage(digest), options)),
  };
}

async function tell(telling: Telling, options: TeamsOptions): Promise<Said> {
  const { publicUrl } = options;
  let messageId = State.safeParse(telling.state).data?.messageId ?? null;
  const told = telling.notices.filter((notice) => !isUrgent(notice)).map(({ id }) => id);
  const stateNow = () => (messageId === null ? null : { messageId });
  for (const notices of messagesOf(telling.notices.filter(isUrgent))) {
    try {
      const answer = await send(incidentMessage(telling, notices, { publicUrl, messageId }), options);
      // the thread's first message stays its head
      messageId ??= answeredId(answer);
      told.push(...notices.map(({ id }) => id));
    } catch (error) {
      return { state: stateNow(), told, failure: asFailure(channel, error) };
    }
  }
  return { state: stateNow(), told, failure: null };
}

async function send(message: TeamsMessage, { url, timeoutMs }: TeamsOptions): Promise<Posted> {
  const answer = await post({ url, headers: {}, body: JSON.stringify(message), timeoutMs, channel });
  const refusal = refusalOf(channel, answer) ?? hiddenRefusal(answer);
  if (refusal !== null) throw refusal;
  return answer;
}

/** Webhooks of connectors answer 200 and say in words that Teams refused. */
function hiddenRefusal({ text }: Posted): RetryableError | null {
  if (!/delivery failed with error/i.test(text)) return null;
  return new RetryableError("teams took the request and then failed to post the card.", { code: "teams-failed" });
}

function answeredId({ text }: Posted): string | null {
  try {
    return State.safeParse(JSON.parse(text)).data?.messageId ?? null;
  } catch {
    return null;
  }
}
