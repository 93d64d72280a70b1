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
  const failed = (failure: RetryableError | TerminalError) => {
    const times = (rest?.times ?? 0) + 1;
    rest = { failure, until: now() + restMs(failure, times), times };
  };
  const worked = () => {
    rest = null;
    onTold(notifier.id);
  };
  const tellNow = async (telling: Telling): Promise<Said> => {
    const resting = rest === null ? null : stillResting(rest, now());
    if (resting !== null) return nothingTold(telling, resting);
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
      const places = notices.some(({ urgency }) => urgency === "page") ? room.page : room.chat;
      if (line.activeCount + line.pendingCount >= places) return nothingTold(telling, busy(notifier.id));
      return line(tellNow, telling);
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

function restMs(failure: RetryableError | TerminalError, times: number): number {
  if (failure instanceof TerminalError) return mendedMs;
  return failure.retryAfterMs ?? Math.min(firstRestMs * 2 ** (times - 1), longestRestMs);
}

/** The same failure, with what is left of the rest; null: it is over. */
function stillResting({ failure, until }: Rest, now: number): RetryableError | TerminalError | null {
  if (now >= until) return null;
  const { message, code } = failure;
  if (failure instanceof TerminalError) return failure;
  return new RetryableError(message, { code, cause: failure, retryAfterMs: until - now });
}

function busy(id: string): RetryableError {
  return new RetryableError(`${id} has much to tell; this comes later.`, { code: `${id}-busy`, retryAfterMs: 10_000 });
}

function nothingTold({ state }: Telling, failure: RetryableError | TerminalError): Said {
  return { state, told: [], failure };
}
