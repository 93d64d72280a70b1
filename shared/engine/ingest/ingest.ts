/**
 * Records in, findings and wake-ups out. No record sinks its batch: what cannot be read becomes a dead letter, what storage
 * refuses because of the record itself too. Only a retryable storage error is thrown, after everything else of the batch was
 * handled, so that the trigger's retry policy holds the partition.
 */
import { describeError, RetryableError } from "../../domain/errors.ts";
import type { Services } from "../../ports/services.ts";
import type { LogEvent } from "../../ports/signals.ts";
import { forEachAtOnce } from "./at-once.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { handleEvent, newMemory } from "./handle-event.ts";
import { tellOwnWrites } from "./own-writes.ts";
import { type Arrived, type Delivery, type ReadBatch, readBatch } from "./read-batch.ts";

export interface IngestSummary {
  events: number;
  findings: number;
  duplicates: number;
  deadLetters: number;
  /** reason → the last one's detail */
  readonly letters: Map<string, string>;
  /** by reason */
  readonly ignored: ReadonlyMap<string, number>;
}

/** Identities handled at the same time; the partition's order within one identity does not matter (DESIGN §4). */
const inFlight = 64;

export function createIngest(services: Services): (batch: readonly Delivery[]) => Promise<IngestSummary> {
  const memory = newMemory(services);
  return async (batch) => {
    const read = readBatch(batch, services.policy.tenantId, memory.known);
    const { arrived, unread, ignored, records } = read;
    for (const [category, came] of records)
      services.telemetry.add("tourniquet.records", came, { "tourniquet.category": category });
    const summary: IngestSummary = {
      events: arrived.length,
      findings: 0,
      duplicates: 0,
      deadLetters: unread.length,
      letters: new Map(unread.map(({ letter }) => [letter.reason, letter.detail])),
      ignored,
    };
    const failures = createFailures();
    for (const { letter, origin, body } of unread) {
      await failures.guard(
        () => keepDeadLetter(services, letter, origin, body),
        (error) => unkept(services, letter.reason, error),
      );
    }
    for (const { event } of arrived) memory.ages.note(event);
    await forEachAtOnce(inFlight, Map.groupBy(arrived, subjectOf).values(), async (ofOne) => {
      for (const one of ofOne) {
        await failures.guard(
          async () => {
            const { findings, duplicates } = await handleEvent(services, memory, one);
            summary.findings += findings;
            summary.duplicates += duplicates;
          },
          (error) => refused(services, one, error, summary),
        );
      }
    });
    await keepWhatWasSeen(services, read, failures);
    failures.throwFirst();
    return summary;
  };
}

interface Failures {
  guard(work: () => Promise<void>, onTerminal: (error: unknown) => Promise<void>): Promise<void>;
  throwFirst(): void;
}

/** Keeps retryable errors until everything else of the batch was handled. */
function createFailures(): Failures {
  const retryable: RetryableError[] = [];
  return {
    async guard(work, onTerminal) {
      try {
        await work().catch(async (error: unknown) => {
          if (error instanceof RetryableError) throw error;
          await onTerminal(error);
        });
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        retryable.push(error);
      }
    },
    throwFirst() {
      const [first] = retryable;
      if (first !== undefined) throw first;
    },
  };
}

/** What is known from a whole batch: how fresh each category is, and what each workload identity changed (one row each). */
async function keepWhatWasSeen(services: Services, { newest, changes }: ReadBatch, failures: Failures): Promise<void> {
  const { stores, policy, logger } = services;
  const keep = (work: () => Promise<void>, what: string) =>
    failures.guard(work, async (error) => {
      logger.error(what, { error: describeError(error) });
    });
  await forEachAtOnce(inFlight, changes, ([actorId, records]) =>
    keep(
      () => stores.changes.add(policy.tenantId, actorId, records.flat()),
      "What a workload identity changed could not be kept",
    ),
  );
  await keep(() => tellOwnWrites(services, changes), "What we changed could not be held against the ledger");
  const inOrder = [...newest].toSorted(([a], [b]) => a - b);
  for (const [, then] of inOrder)
    await keep(() => stores.freshness.seen(policy.tenantId, then), "The age of the newest records could not be kept");
}

/** Events of one identity race for the same rows, so they go one after the other. */
function subjectOf({ event: { subject } }: Arrived): string | null {
  return subject.appId ?? subject.servicePrincipalId ?? subject.applicationObjectId;
}

async function unkept({ logger }: Services, reason: string, error: unknown): Promise<void> {
  const event: LogEvent = "dead-letter.lost";
  logger.error("A dead letter could not be kept", { event, reason, error: describeError(error) });
}

async function refused(services: Services, { event, origin, record }: Arrived, error: unknown, summary: IngestSummary) {
  summary.deadLetters++;
  services.logger.error("A record could not be handled", { recordId: event.recordId, error: describeError(error) });
  const detail = `the record was read, but handling it failed: ${describeError(error)}; replay it once that is mended`;
  const letter = { reason: "storage-refused", detail, category: event.category, recordId: event.recordId };
  summary.letters.set(letter.reason, detail);
  try {
    await keepDeadLetter(services, letter, origin, record);
  } catch (failure) {
    if (failure instanceof RetryableError) throw failure;
    await unkept(services, letter.reason, failure);
  }
}
