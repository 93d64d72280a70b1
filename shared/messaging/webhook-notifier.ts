/** Tells people by an incoming webhook: `{text, notices}`; chat products show the text, automation reads the rest. */
import { RetryableError, TerminalError } from "../domain/errors.ts";
import type { Notice, Notifier } from "../ports/outbox.ts";
import { chatText, plainText } from "./chat-text.ts";

interface WebhookNotifierOptions {
  /** a secret by itself: it is never logged and stands in no error */
  readonly url: string;
  readonly fetch?: typeof fetch;
  readonly timeoutMs: number;
  /** notices below this are not sent */
  readonly minimumUrgency: Notice["urgency"];
}

const urgencies: Record<Notice["urgency"], number> = { digest: 0, chat: 1, page: 2 };

/** One POST per incident. `notify` throws RetryableError when any of them was not taken; making one from a non-URL throws. */
export function createWebhookNotifier(options: WebhookNotifierOptions): Notifier {
  if (!URL.canParse(options.url)) {
    throw new TerminalError("The webhook's address is not a URL; correct it in the configuration.", {
      code: "webhook-url",
    });
  }
  return {
    id: "webhook",
    async tell({ notices }) {
      const wanted = notices.filter(({ urgency }) => urgencies[urgency] >= urgencies[options.minimumUrgency]);
      if (wanted.length > 0) await post(wanted, options);
      return null;
    },
    digest: async () => undefined,
  };
}

async function post(notices: readonly Notice[], { url, timeoutMs, ...options }: WebhookNotifierOptions): Promise<void> {
  const send = options.fetch ?? fetch;
  const body = JSON.stringify({
    text: chatText(notices),
    notices: notices.map((notice) => ({ ...notice, message: plainText(notice.message) })),
  });
  const response = await send(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new RetryableError("The webhook could not be reached in time.", { code: "webhook-unreachable", cause });
  });
  await response.body?.cancel();
  if (response.ok) return;
  throw new RetryableError(`The webhook answered ${response.status}; check its address in the configuration.`, {
    code: "webhook-refused",
  });
}
