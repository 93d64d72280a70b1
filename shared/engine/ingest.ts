/**
 * Records in, findings and wake-ups out. No record sinks its batch: what cannot be read becomes a dead letter, what storage
 * refuses because of the record itself too. Only a retryable storage error is thrown, after everything else of the batch was
 * handled, so that the trigger's retry policy holds the partition.
 */
import { limitFunction } from "p-limit";
import type { Origin } from "../domain/dead-letter.ts";
import { describeError, RetryableError } from "../domain/errors.ts";
import { disabledErrorCode, type IdentityEvent, LogCategory } from "../domain/event.ts";
import type { Services } from "../ports/services.ts";
import { openEnvelope } from "../records/envelope.ts";
import { normalise } from "../records/index.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { detect } from "./detect.ts";
import { fileFinding } from "./file-finding.ts";
import { fileUnresolved } from "./file-unresolved.ts";
import { noteRefusedSignIn, type SeenRefusals } from "./note-refused-sign-in.ts";
import { resolveSubject } from "./resolve-subject.ts";

export interface Delivery {
  readonly body: unknown;
  /** epoch ms at which the hub took it */
  readonly enqueuedAt: number;
  readonly origin: Omit<Origin, "index">;
}

export interface IngestSummary {
  events: number;
  findings: number;
  duplicates: number;
  deadLetters: number;
  /** by reason */
  readonly ignored: Map<string, number>;
}

/** Identities handled at the same time; the partition's order within one identity does not matter (DESIGN §4). */
const inFlight = 64;

interface Arrived {
  readonly event: IdentityEvent;
  readonly origin: Origin;
}

export function createIngest(services: Services): (batch: readonly Delivery[]) => Promise<IngestSummary> {
  const seen: SeenRefusals = new Map();
  return async (batch) => {
    const summary: IngestSummary = { events: 0, findings: 0, duplicates: 0, deadLetters: 0, ignored: new Map() };
    const failures: RetryableError[] = [];
    const guarded = async (work: () => Promise<void>, onTerminal: (error: unknown) => Promise<void>) => {
      try {
        await work().catch(async (error: unknown) => {
          if (error instanceof RetryableError) throw error;
          await onTerminal(error);
        });
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        failures.push(error);
      }
    };
    const { arrived, newest } = await readBatch(services, batch, summary, guarded);
    const handle = limitFunction(
      ({ event, origin }: Arrived) =>
        guarded(
          () => handleEvent(services, seen, event, summary),
          (error) => refused(services, event, origin, error, summary),
        ),
      { concurrency: inFlight },
    );
    await Promise.all(arrived.map(handle));
    await guarded(
      () => services.stores.freshness.seen(services.policy.tenantId, newest),
      async (error) => {
        services.logger.error("The age of the newest records could not be kept", { error: describeError(error) });
      },
    );
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    return summary;
  };
}

type Guarded = (work: () => Promise<void>, onTerminal: (error: unknown) => Promise<void>) => Promise<void>;

async function readBatch(services: Services, batch: readonly Delivery[], summary: IngestSummary, guarded: Guarded) {
  const arrived: Arrived[] = [];
  const newest = new Map<string, number>();
  for (const { body, enqueuedAt, origin } of batch) {
    let index = 0;
    for (const opened of openEnvelope(body)) {
      const place: Origin = { ...origin, index: index++ };
      if (opened.ok) noteArrival(newest, opened.record, enqueuedAt);
      const result = opened.ok
        ? normalise(opened.record, services.policy.tenantId)
        : ({ outcome: "dead-letter", letter: opened.letter } as const);
      if (result.outcome === "event") arrived.push({ event: result.event, origin: place });
      else if (result.outcome === "ignored") count(summary.ignored, result.reason);
      else {
        summary.deadLetters++;
        const keep = () => keepDeadLetter(services, result.letter, place, opened.ok ? opened.record : body);
        await guarded(keep, async (error) => {
          services.logger.error("A dead letter could not be kept", {
            reason: result.letter.reason,
            error: describeError(error),
          });
        });
      }
    }
  }
  summary.events = arrived.length;
  return { arrived, newest };
}

const watched: ReadonlySet<unknown> = new Set(LogCategory.options);

/** The category as Entra writes it; any other spelling is not worth a row. */
function rawCategory(record: unknown): string | null {
  if (typeof record !== "object" || record === null || !("category" in record)) return null;
  return typeof record.category === "string" && watched.has(record.category) ? record.category : null;
}

/** Blindness is an incident: when did the newest record of each category come, relevant or not? */
function noteArrival(newest: Map<string, number>, record: unknown, enqueuedAt: number): void {
  const category = rawCategory(record);
  if (category !== null) newest.set(category, Math.max(newest.get(category) ?? 0, enqueuedAt));
}

function count(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

async function handleEvent(services: Services, seen: SeenRefusals, event: IdentityEvent, summary: IngestSummary) {
  const resolved = await resolveSubject(services, event.subject);
  if (resolved === null) return;
  const { key, subject } = resolved;
  if (event.type === "signed-in") {
    if (event.errorCode === disabledErrorCode && resolved.resolved) await noteRefusedSignIn(services, seen, key, event);
    return;
  }
  for (const finding of detect({ ...event, subject }, key, services.clock.now())) {
    const filed = resolved.resolved
      ? await fileFinding(services, key, finding)
      : await fileUnresolved(services, key, finding);
    if (filed === "duplicate") summary.duplicates++;
    else summary.findings++;
  }
}

async function refused(
  services: Services,
  event: IdentityEvent,
  origin: Origin,
  error: unknown,
  summary: IngestSummary,
) {
  summary.deadLetters++;
  services.logger.error("A record could not be handled", { recordId: event.recordId, error: describeError(error) });
  const detail = `the record was read, but handling it failed: ${describeError(error)}; replay it once that is mended`;
  const letter = { reason: "storage-refused", detail, category: event.category, recordId: event.recordId };
  await keepDeadLetter(services, letter, origin, null);
}
