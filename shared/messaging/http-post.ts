/** One POST to a channel: what it answered, or why there was no answer. An address is a secret and stands in no error. */
import { RetryableError, TerminalError } from "../domain/errors.ts";

export interface Posted {
  readonly status: number;
  /** the first 64 KiB */
  readonly text: string;
  /** of `Retry-After` in seconds; null: not said */
  readonly retryAfterMs: number | null;
}

interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** names the channel in codes and sentences: `slack` */
  readonly channel: string;
}

const longestAnswer = 64 * 1024;
const longestPauseMs = 3600_000;

/** No redirect is followed: it would carry what is told to somebody else. Throws RetryableError `<channel>-unreachable`. */
export async function post({ url, headers, body, timeoutMs, channel }: Post): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json; charset=utf-8" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const retryAfter = response.headers.get("Retry-After");
    return { status: response.status, text: await startOf(response), retryAfterMs: pauseOf(retryAfter) };
  } catch (cause) {
    throw new RetryableError(`${channel} could not be reached in time.`, { code: `${channel}-unreachable`, cause });
  }
}

async function startOf({ body }: Response): Promise<string> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= longestAnswer) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, longestAnswer);
}

function pauseOf(retryAfter: string | null): number | null {
  return retryAfter !== null && /^\d{1,9}$/.test(retryAfter)
    ? Math.min(Number(retryAfter) * 1_000, longestPauseMs)
    : null;
}

/** Null: it took it. What passes by itself is told from what somebody has to mend. */
export function refusalOf(channel: string, { status, retryAfterMs }: Posted): RetryableError | TerminalError | null {
  if (status >= 200 && status < 300) return null;
  if (status === 429 || status === 408 || status >= 500) {
    return new RetryableError(`${channel} answered ${status}.`, {
      code: status === 429 ? `${channel}-throttled` : `${channel}-failed`,
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
    });
  }
  return new TerminalError(`${channel} answered ${status}; check its address and rights in the configuration.`, {
    code: `${channel}-refused`,
  });
}

/** Whatever was thrown, as what a notifier answers with. */
export function asFailure(channel: string, error: unknown): RetryableError | TerminalError {
  if (error instanceof RetryableError || error instanceof TerminalError) return error;
  return new TerminalError(`Telling over ${channel} broke.`, { code: `${channel}-broke`, cause: error });
}

/** Throws TerminalError without repeating the address. */
export function checkAddress(channel: string, url: string): void {
  if (URL.canParse(url)) return;
  throw new TerminalError(`The address of ${channel} is not a URL; correct it in the configuration.`, {
    code: `${channel}-address`,
  });
}
