// The two nodes that answer requests, `$cbs` and `$management`: a sending link in, a reply link out.
import type { Message, Sender } from "rhea";
import { types } from "./amqp-types.ts";
import type { Peer } from "./peer.ts";
import { isRefusal, type Refusal } from "./refusal.ts";

export interface Answer {
  status: number;
  description: string;
  body?: unknown;
}

export type RequestHandler = (request: Message, peer: Peer) => Answer | Refusal;

/** The HTTP-like status the service gives with each condition; what is not listed is 400. */
const STATUS: Readonly<Record<string, number>> = {
  "amqp:not-found": 404,
  "amqp:unauthorized-access": 401,
  "amqp:not-implemented": 501,
};

export function isRequestNode(address: string): boolean {
  return address === "$cbs" || /(^|\/)\$management$/.test(address);
}

/** Remembers a link for answers; the client finds its own by name or by target address. */
export function openReplyLink(link: Sender, peer: Peer): void {
  link.set_source({ address: link.source.address });
  peer.replyLinks.add(link);
  link.on("sender_close", () => peer.replyLinks.delete(link));
}

function replyLinkFor(peer: Peer, replyTo: unknown): Sender | undefined {
  return [...peer.replyLinks].find((link) => link.name === replyTo || link.target?.address === replyTo);
}

/** Answers one request. A request that names no open reply link is dropped: there is nobody to tell. */
export function answerRequest(request: Message, peer: Peer, handle: RequestHandler): void {
  const link = replyLinkFor(peer, request.reply_to);
  const answer = handle(request, peer);
  const refused = isRefusal(answer);
  const status = refused ? (STATUS[answer.condition] ?? 400) : answer.status;
  link?.send({
    correlation_id: request.message_id,
    application_properties: {
      "status-code": types.wrap_int(status),
      "status-description": answer.description,
      ...(refused ? { "error-condition": types.wrap_symbol(answer.condition) } : {}),
    },
    body: refused ? null : (answer.body ?? null),
  } as unknown as Message);
}
