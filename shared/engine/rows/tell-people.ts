/** Tells notices over one channel: a thread for each incident, and one for what the identity has without an incident. */
import { describeError, RetryableError, TerminalError } from "../../domain/errors.ts";
import { redactText } from "../../domain/redact.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Notice, Notifier, Said, Telling } from "../../ports/outbox.ts";
import { type Partition, read } from "./partition.ts";
import { rowKey, ThreadRow } from "./rows.ts";
import { standingOf } from "./standing.ts";

interface Told {
  /** ids of notices */
  readonly told: ReadonlySet<string>;
  /** row key → what the notifier wants to remember; only what changed */
  readonly threads: ReadonlyMap<string, unknown>;
  readonly failure: Said["failure"];
}

/** What it could not tell ends the attempt: what comes after waits in its order. Never throws. */
export async function tellPeople(
  notifier: Notifier,
  partition: Partition,
  notices: readonly Notice[],
  logger: Logger,
): Promise<Told> {
  const told = new Set<string>();
  const threads = new Map<string, unknown>();
  for (const [incidentId, some] of Map.groupBy(notices, (notice) => notice.incidentId)) {
    const key = rowKey.thread(notifier.id, incidentId);
    const telling = tellingOf(partition, key, some);
    const { state, told: done, failure } = await attempt(notifier, telling, logger);
    for (const id of done) told.add(id);
    if (JSON.stringify(state) !== JSON.stringify(telling.state)) threads.set(key, state);
    if (failure !== null) return { told, threads, failure };
  }
  return { told, threads, failure: null };
}

function tellingOf(partition: Partition, threadKey: string, notices: readonly Notice[]): Telling {
  const [first] = notices;
  if (first === undefined) throw new TerminalError("a thread without a notice", { code: "no-notice" });
  return {
    thread: first.incidentId ?? first.identity.key,
    state: stateIn(partition, threadKey),
    notices: notices.map(redacted),
    standing: standingOf(partition, first),
  };
}

/** A row that somebody edited begins a new thread. */
function stateIn(partition: Partition, threadKey: string): unknown {
  try {
    return read(partition, threadKey, ThreadRow)?.state ?? null;
  } catch {
    return null;
  }
}

/** The second belt: what looks like a secret leaves in no message, whoever put it into a name or a reason. */
function redacted(notice: Notice): Notice {
  return JSON.parse(JSON.stringify(notice), (_, value: unknown) =>
    typeof value === "string" ? redactText(value) : value,
  );
}

async function attempt(notifier: Notifier, telling: Telling, logger: Logger): Promise<Said> {
  try {
    return await notifier.tell(telling);
  } catch (error) {
    logger.error("A notifier broke; its notices stay for the next try", {
      notifier: notifier.id,
      error: describeError(error),
    });
    return { state: telling.state, told: [], failure: asFailure(error) };
  }
}

function asFailure(error: unknown): RetryableError | TerminalError {
  if (error instanceof RetryableError || error instanceof TerminalError) return error;
  return new TerminalError("The notifier broke; see the log.", { code: "notifier-broke", cause: error });
}
