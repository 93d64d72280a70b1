/**
 * Records in, findings and wake-ups out. No record sinks its batch: what cannot be read becomes a dead letter, what storage
 * refuses because of the record itself too. Only a retryable storage error is thrown, after everything else of the batch was
 * handled, so that the trigger's retry policy holds the partition.
 */
import { limitFunction } from "p-limit";
import type { Origin } from "../domain/dead-letter.ts";
import { describeError, RetryableError } from "../domain/errors.ts";
import { disabledErrorCode, type IdentityEvent } from "../domain/event.ts";
import type { Services } from "../ports/services.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { detect } from "./detect.ts";
import { fileFinding } from "./file-finding.ts";
import { fileUnresolved } from "./file-unresolved.ts";
import { noteRefusedSignIn, type SeenRefusals } from "./note-refused-sign-in.ts";
import { type Arrived, type Delivery, readBatch } from "./read-batch.ts";
import { resolveSubject } from "./resolve-subject.ts";

export interface IngestSummary {
  events: number;
  findings: number;
  duplicates: number;
  deadLetters: number;
  /** by reason */
  readonly ignored: ReadonlyMap<string, number>;
}

/** Identities handled at the same time; the partition's order within one identity does not matter (DESIGN §4). */
const inFlight = 64;

export function createIngest(services: Services): (batch: readonly Delivery[]) => Promise<IngestSummary> {
  const seen: SeenRefusals = new Map();
  return async (batch) => {
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
    const { arrived, unread, ignored, newest } = readBatch(batch, services.policy.tenantId);
    const summary: IngestSummary = {
      events: arrived.length,
      findings: 0,
      duplicates: 0,
      deadLetters: unread.length,
      ignored,
    };
    for (const { letter, origin, body } of unread) {
      await guarded(
        () => keepDeadLetter(services, letter, origin, body),
        (error) => unkept(services, letter.reason, error),
      );
    }
    const handle = limitFunction(
      async (ofOne: readonly Arrived[]) => {
        for (const { event, origin } of ofOne) {
          await guarded(
            () => handleEvent(services, seen, event, summary),
            (error) => refused(services, event, origin, error, summary),
          );
        }
      },
      { concurrency: inFlight },
    );
    await Promise.all([...Map.groupBy(arrived, subjectOf).values()].map((ofOne) => handle(ofOne)));
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

/** Events of one identity race for the same rows, so they go one after the other. */
function subjectOf({ event: { subject } }: Arrived): string | null {
  return subject.appId ?? subject.servicePrincipalId ?? subject.applicationObjectId;
}

async function unkept({ logger }: Services, reason: string, error: unknown): Promise<void> {
  logger.error("A dead letter could not be kept", { reason, error: describeError(error) });
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
  try {
    await keepDeadLetter(services, letter, origin, null);
  } catch (failure) {
    if (failure instanceof RetryableError) throw failure;
    await unkept(services, letter.reason, failure);
  }
}
