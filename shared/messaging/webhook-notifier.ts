/** Tells by a webhook of any product: one signed POST a notice; chats show its `text`, automation reads the rest. */
import type { Digest, Notice, Notifier, Said, Telling } from "../ports/outbox.ts";
import { approvalSections, cardIn, rooms, runLink, type Section } from "./approval-text.ts";
import { isUrgent, lineOf, plainText, safeText } from "./chat-text.ts";
import { digestSections, digestTitle } from "./digest-text.ts";
import { keepLink, ownerSections, recipientsOf } from "./for-owners.ts";
import { asFailure, checkAddress, post, refusalOf } from "./http-post.ts";
import { signatureHeaders } from "./webhook-signature.ts";

interface WebhookOptions {
  /** a secret by itself */
  readonly url: string;
  /** signs what is sent; null: unsigned */
  readonly secret: string | null;
  readonly publicUrl: string | null;
  readonly timeoutMs: number;
  /** epoch ms */
  readonly now: () => number;
}

const channel = "webhook";
const [whole = { lines: 10, length: 400 }] = rooms;

export function createWebhookNotifier(options: WebhookOptions): Notifier {
  checkAddress(channel, options.url);
  return { id: channel, tell: (telling) => tell(telling, options), digest: (digest) => sendDigest(digest, options) };
}

async function tell(telling: Telling, options: WebhookOptions): Promise<Said> {
  const urgent = telling.notices.filter(isUrgent);
  const told = telling.notices.filter((notice) => !isUrgent(notice)).map(({ id }) => id);
  for (const notice of urgent) {
    try {
      await send(notice.id, bodyOf(telling, notice, options), options);
      told.push(notice.id);
    } catch (error) {
      return { state: null, told, failure: asFailure(channel, error) };
    }
  }
  return { state: null, told, failure: null };
}

function bodyOf({ thread, standing }: Telling, notice: Notice, { publicUrl }: WebhookOptions) {
  const card = cardIn(notice);
  const link = runLink(publicUrl, notice.planId);
  const keep = keepLink(publicUrl, [notice]);
  const sections = [
    ...(card === null ? [] : approvalSections(card, whole)),
    ...ownerSections([notice], "object ids in Entra"),
  ];
  const links = [...(keep === null ? [] : [`Keep it: ${keep}`]), ...(link === null ? [] : [link])];
  const recipients = recipientsOf([notice]).map((objectId) => ({ objectId }));
  return {
    type: notice.event,
    timestamp: notice.at,
    text: textOf([plainText(lineOf(notice)), ...linesOf(sections), ...links]),
    data: {
      ...{ thread, standing, notice: { ...notice, message: safeText(notice.message, 4_000) }, link },
      ...(keep === null ? {} : { keep }),
      ...(recipients.length === 0 ? {} : { recipients }),
    },
  };
}

function sendDigest(digest: Digest, options: WebhookOptions): Promise<void> {
  const text = textOf([digestTitle(digest), ...linesOf(digestSections(digest, whole))]);
  const id = `digest-${digest.from}-${digest.to}`;
  return send(id, { type: "digest", timestamp: digest.to, text, data: digest }, options);
}

/** A line that is to be copied loses nothing to markup: it stands in ticks, and holds none itself. */
function linesOf(sections: readonly Section[]): readonly string[] {
  return sections.flatMap(({ title, lines }) => [
    `${plainText(title)}:`,
    ...lines.map((line) => (title === "How to decide" ? `\`${line}\`` : `- ${plainText(line)}`)),
  ]);
}

function textOf(lines: readonly string[]): string {
  return lines.join("\n");
}

async function send(id: string, content: unknown, { url, secret, timeoutMs, now }: WebhookOptions): Promise<void> {
  const body = JSON.stringify(content);
  const headers = signatureHeaders(secret, id, now(), body);
  const refusal = refusalOf(channel, await post({ url, headers, body, timeoutMs, channel }));
  if (refusal !== null) throw refusal;
}
