/**
 * Puts a line before a notifier: one call at a time, and none for a while after a failure. The writer must not wait for a chat while it
 * contains, so whoever would stand far back in the line is sent away and comes again when the line is short.
 */
import pLimit from "p-limit";
import { RetryableError, TerminalError } from "../domain/errors.ts";
import type { Notifier, Said, Telling } from "../ports/outbox.ts";
import { asFailure } from "./http-post.ts";

interface LineOptions {
  /** epoch ms */
  readonly now: () => number;
  /** it took something */
  readonly onTold: (notifierId: string) => void;
}

/** The writer delivers eight identities' notices side by side; pages have room besides. */
const room = { page: 24, chat: 8 };
/** A page waits for its turn however slow the channel is. */
const longestWaitMs = 3_000;

/** Those sent away come back one after the other, or they would all be sent away again. */
const paceMs = 1_000;
const busyMs = 10_000;
const firstRestMs = 30_000;
const longestRestMs = 120_000;
const mendedMs = 5 * 60_000;

interface Rest {
  readonly failure: RetryableError | TerminalError;
  /** epoch ms */
  readonly until: number;
  /** failures one after the other */
  readonly times: number;
}

export function inLine(notifier: Notifier, { now, onTold }: LineOptions): Notifier {
  const line = pLimit(1);
  let rest: Rest | null = null;
  let nextTurn = 0;
  const sendAway = (telling: Telling, waitMs: number, failure: RetryableError | TerminalError): Said => {
    nextTurn = Math.max(nextTurn, now() + waitMs) + paceMs;
    const { message, code } = failure;
    const retryAfterMs = nextTurn - now();
    const later =
      failure instanceof TerminalError ? failure : new RetryableError(message, { code, cause: failure, retryAfterMs });
    return { state: telling.state, told: [], failure: later };
  };
  const failed = (failure: RetryableError | TerminalError) => {
    const times = (rest?.times ?? 0) + 1;
    rest = { failure, until: now() + restMs(failure, times), times };
  };
  const worked = () => {
    rest = null;
    onTold(notifier.id);
  };
  const tellNow = async (telling: Telling, since: number): Promise<Said> => {
    if (rest !== null && now() < rest.until) return sendAway(telling, rest.until - now(), rest.failure);
    if (!isPage(telling) && now() - since > longestWaitMs) return sendAway(telling, busyMs, busy(notifier.id));
    const said = await notifier.tell(telling);
    if (said.failure !== null) failed(said.failure);
    else if (telling.notices.some(({ urgency }) => urgency !== "digest")) worked();
    return said;
  };
  return {
    id: notifier.id,
    async tell(telling) {
      const { state, notices } = telling;
      const isForDigest = notices.every(({ urgency }) => urgency === "digest");
      if (isForDigest && state === null) return { state, told: notices.map(({ id }) => id), failure: null };
      const places = isPage(telling) ? room.page : room.chat;
      if (line.activeCount + line.pendingCount >= places) return sendAway(telling, busyMs, busy(notifier.id));
      return line(tellNow, telling, now());
    },
    digest: (digest) =>
      line(async () => {
        await notifier.digest(digest).catch((error: unknown) => {
          failed(asFailure(notifier.id, error));
          throw error;
        });
        worked();
      }),
  };
}

function isPage({ notices }: Telling): boolean {
  return notices.some(({ urgency }) => urgency === "page");
}

function restMs(failure: RetryableError | TerminalError, times: number): number {
  if (failure instanceof TerminalError) return mendedMs;
  return failure.retryAfterMs ?? Math.min(firstRestMs * 2 ** (times - 1), longestRestMs);
}

function busy(id: string): RetryableError {
  return new RetryableError(`${id} has much to tell; this comes later.`, { code: `${id}-busy` });
}
