/**
 * Records in, findings and wake-ups out. No record sinks its batch: what cannot be read becomes a dead letter, what storage
 * refuses because of the record itself too. Only a retryable storage error is thrown, after everything else of the batch was
 * handled, so that the trigger's retry policy holds the partition.
 */
import { limitFunction } from "p-limit";
import type { DetectionFacts } from "../detections/detection.ts";
import type { ChangedObject } from "../domain/changed-object.ts";
import type { Origin } from "../domain/dead-letter.ts";
import { describeError, RetryableError } from "../domain/errors.ts";
import { disabledErrorCode, type IdentityEvent } from "../domain/event.ts";
import type { IdentityKey } from "../domain/identity.ts";
import type { Services } from "../ports/services.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { detect, isListenedTo } from "./detect.ts";
import { noteRefusedSignIn, type SeenRefusals } from "./note-refused-sign-in.ts";
import { createObjectAges, type ObjectAges } from "./object-ages.ts";
import { containmentOf } from "./own-changes.ts";
import { loadPartition } from "./partition.ts";
import { placeFinding } from "./place-finding.ts";
import { type Arrived, type Delivery, type ReadBatch, readBatch } from "./read-batch.ts";
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

interface Memory {
  readonly refusals: SeenRefusals;
  readonly ages: ObjectAges;
}

export function createIngest(services: Services): (batch: readonly Delivery[]) => Promise<IngestSummary> {
  const memory: Memory = { refusals: new Map(), ages: createObjectAges() };
  return async (batch) => {
    const read = readBatch(batch, services.policy.tenantId);
    const { arrived, unread, ignored } = read;
    const summary: IngestSummary = {
      events: arrived.length,
      findings: 0,
      duplicates: 0,
      deadLetters: unread.length,
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
    const handle = limitFunction(
      async (ofOne: readonly Arrived[]) => {
        for (const { event, origin } of ofOne) {
          await failures.guard(
            () => handleEvent(services, memory, event, summary),
            (error) => refused(services, event, origin, error, summary),
          );
        }
      },
      { concurrency: inFlight },
    );
    await Promise.all([...Map.groupBy(arrived, subjectOf).values()].map((ofOne) => handle(ofOne)));
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
  const add = limitFunction(
    ([actorId, objects]: [string, ChangedObject[]]) =>
      keep(
        () => stores.changes.add(policy.tenantId, actorId, objects),
        "What a workload identity changed could not be kept",
      ),
    { concurrency: inFlight },
  );
  await Promise.all([...changes].map((change) => add(change)));
  await keep(() => stores.freshness.seen(policy.tenantId, newest), "The age of the newest records could not be kept");
}

/** Events of one identity race for the same rows, so they go one after the other. */
function subjectOf({ event: { subject } }: Arrived): string | null {
  return subject.appId ?? subject.servicePrincipalId ?? subject.applicationObjectId;
}

async function unkept({ logger }: Services, reason: string, error: unknown): Promise<void> {
  logger.error("A dead letter could not be kept", { reason, error: describeError(error) });
}

async function handleEvent(services: Services, memory: Memory, event: IdentityEvent, summary: IngestSummary) {
  const isRefusal = event.type === "signed-in" && event.errorCode === disabledErrorCode;
  if (!isRefusal && !isOfUse(event)) return;
  const resolved = await resolveSubject(services, event.subject);
  if (event.type === "signed-in" && isRefusal && resolved?.resolved) {
    await noteRefusedSignIn(services, memory.refusals, resolved.key, event);
  }
  const facts = await knownAbout(services, memory.ages, event, resolved?.resolved ? resolved.key : null);
  for (const finding of detect({ ...event, subject: resolved?.subject ?? event.subject }, facts)) {
    if ((await placeFinding(services, finding)) === "duplicate") summary.duplicates++;
    else summary.findings++;
  }
}

/** What nothing listens to costs no table; nor does a disable, be it ours or anybody's. */
function isOfUse(event: IdentityEvent): boolean {
  return isListenedTo(event.type) && (event.type !== "account-switched" || event.enabled);
}

/** What only some detections need to know besides the event. */
async function knownAbout(
  services: Services,
  ages: ObjectAges,
  event: IdentityEvent,
  key: IdentityKey | null,
): Promise<DetectionFacts> {
  const facts: DetectionFacts = {
    now: services.clock.now(),
    tuning: services.policy.tuning,
    createdAt: ages.createdAt,
  };
  if (event.type !== "account-switched" || key === null) return facts;
  return { ...facts, containment: containmentOf(await loadPartition(services.stores.identities, key)) };
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
