/** Takes a dead letter's record again, as if its hub had brought it: from where it lies, and only if it is that very record. */
import type { Replay, ReplayResult, StoredDeadLetter } from "../../../domain/dead-letter.ts";
import { TerminalError } from "../../../domain/errors.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { EventSource, ReadAgain } from "../../../ports/event-source.ts";
import type { Services } from "../../../ports/services.ts";
import { openEnvelope } from "../../../records/envelope.ts";
import { digestOf } from "../../ingest/dead-letters.ts";
import type { IngestSummary } from "../../ingest/ingest.ts";
import type { Delivery } from "../../ingest/read-batch.ts";

export interface ReplayServices extends Pick<Services, "clock" | "logger" | "policy" | "stores"> {
  readonly events: EventSource;
  readonly ingest: (batch: readonly Delivery[]) => Promise<IngestSummary>;
}

type Became = Pick<Replay, "result" | "detail">;

/**
 * The letter, with what became of it; it stays listed. Throws TerminalError `no-such-dead-letter`, and RetryableError when hub or
 * storage cannot be reached: nothing is marked then, and it can be asked for again.
 */
export async function replayDeadLetter(services: ReplayServices, id: string, by: string): Promise<StoredDeadLetter> {
  const { clock, logger, policy, stores, events } = services;
  const letter = await stores.deadLetters.get(policy.tenantId, id);
  if (letter === null) {
    const message = `there is no dead letter ${id}; GET /api/dead-letters lists them`;
    throw new TerminalError(message, { code: "no-such-dead-letter" });
  }
  const became = await takeAgain(services, letter, await events.readAgain(letter.origin));
  const replayed: StoredDeadLetter = { ...letter, replay: { at: isoAt(clock.now()), by, ...became } };
  await stores.deadLetters.replace(replayed);
  logger.info("A dead letter was taken again", { id, by, ...became });
  return replayed;
}

async function takeAgain(services: ReplayServices, letter: StoredDeadLetter, again: ReadAgain): Promise<Became> {
  if (!again.found) return { result: "not-found", detail: again.why };
  const why = whyAnother(letter, again.body);
  if (why !== null) return { result: "another-record", detail: why };
  const { index, ...origin } = letter.origin;
  const delivery = { body: again.body, enqueuedAt: again.enqueuedAt, origin, only: index };
  return becameOf(await services.ingest([delivery]));
}

/** Whoever edits the row must not choose what is taken; a hub that was made anew has other events under the same numbers. */
function whyAnother({ sha256, origin }: StoredDeadLetter, body: unknown): string | null {
  if (sha256 === null) {
    return "no hash of it was kept, so nobody can tell whether this is the same record; send the record to its hub anew";
  }
  const opened = openEnvelope(body)[origin.index];
  if (opened === undefined) return `its event has no record ${origin.index}`;
  const found = digestOf(opened.ok ? opened.record : body).sha256;
  return found === sha256
    ? null
    : "what lies in its place has another hash: it is another record, or the row was edited";
}

/** The gravest first: one record may be several events. */
function becameOf({ deadLetters, letters, findings, duplicates, events, ignored }: IngestSummary): Became {
  if (deadLetters > 0) {
    const detail = [...letters].map(([reason, said]) => `${reason}: ${said}`).join("; ");
    return { result: "dead-letter", detail };
  }
  if (findings > 0) return became("finding", `it made ${findings} new finding${findings === 1 ? "" : "s"}`);
  if (duplicates > 0) return became("known", "what is to be seen in it was found before");
  if (events > 0) return became("nothing-seen", "it was read, and no detection sees anything in it");
  const reasons = [...ignored.keys()].join(", ");
  return became("ignored", `it says nothing that we listen to${reasons === "" ? "" : ` (${reasons})`}`);
}

function became(result: ReplayResult, detail: string): Became {
  return { result, detail };
}
