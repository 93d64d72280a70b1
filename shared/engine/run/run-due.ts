/**
 * The writer: one batch of wake-ups, the urgent first, identities side by side, one identity's things one after the other. It
 * never waits: what is for later gets a wake-up, and after 20 s of one batch the rest is published again.
 */
import pLimit from "p-limit";
import { DueMessage, dueId, priority } from "../../domain/due.ts";
import { describeError, RetryableError } from "../../domain/errors.ts";
import { type IdentityKey, refOfKey } from "../../domain/identity.ts";
import { idsOf } from "../../guardrails/guardrail.ts";
import type { Services } from "../../ports/services.ts";
import type { LogEvent } from "../../ports/signals.ts";
import { clearIncident } from "../incident/clear-incident.ts";
import { closeIncident, closeLater } from "../incident/close-incident.ts";
import { resolveFindings } from "../incident/resolve-findings.ts";
import { lookAtBreaker } from "../judge/breaker.ts";
import type { Next } from "../judge/stage-context.ts";
import { deliverFrom, deliverNotices } from "../rows/deliver-notices.ts";
import { settleDue, type WakeUp, wake } from "../rows/due.ts";
import { lookAtRetirement } from "../unused/life/look-at-retirement.ts";
import { keepBlockPolicy } from "./keep-block-policy.ts";
import { runStage } from "./run-stage.ts";
import { isStuck, tellStuck } from "./tell-stuck.ts";
import type { Writer } from "./writer.ts";

/** Identities at the same time; Graph's lanes pace what they send. */
const inFlight = 64;
/** What reads certificates has a lane of 2.5 requests a second: more at once would only wait there, and keep the batch. */
const restInFlight = 8;
const restBudgetMs = 5_000;
/** So many urgent things in one batch mean that more are behind them: the rest goes to the end of the queue. */
const burstOf = 32;
const failedAgainMs = 5_000;
/** Beyond this many looks a due thing keeps the longest pace. */
const attemptsCounted = 100;

/** Reads what came from the hub: what is no due message is told and dropped, since the due row is the truth. */
export function parseWoken(services: Services, bodies: readonly unknown[]): readonly WakeUp[] {
  const byId = new Map<string, WakeUp>();
  for (const body of bodies) {
    const message = DueMessage.safeParse(body);
    if (message.success) byId.set(dueId(message.data), { message: message.data, ...envelopeOf(body) });
    else services.logger.error("A message on the plans hub is not one of ours and was dropped");
  }
  return [...byId.values()].sort((a, b) => placeOf(services, a) - placeOf(services, b));
}

/** Of what is as urgent in one batch, what is about an identity that the policy calls tier 0 comes before a flood of others. */
function placeOf({ policy }: Pick<Services, "policy">, { message }: WakeUp): number {
  const isTierZero = idsOf(refOfKey(message.identity)).some((id) => policy.protected.tier0.includes(id));
  return priority(message) - (isTierZero ? 0.5 : 0);
}

function envelopeOf(body: unknown): Pick<WakeUp, "attempts" | "version"> {
  const { attempts, version } = body as { readonly attempts?: unknown; readonly version?: unknown };
  return {
    attempts: typeof attempts === "number" ? attempts : 0,
    version: typeof version === "string" ? version : null,
  };
}

/** What stops an attack comes first; the rest gets a short time of each batch, and none while containments come in a burst. */
export async function runDue(writer: Writer, woken: readonly WakeUp[]): Promise<void> {
  const { services } = writer;
  const stopAt = services.clock.now() + services.limits.batchBudgetMs;
  const { urgent = [], rest = [] } = Object.groupBy(woken, ({ message }) => (isUrgent(message) ? "urgent" : "rest"));
  const left = await runSideBySide(writer, urgent, { beginBy: stopAt, stopAt, atOnce: inFlight });
  const beginBy = Math.min(stopAt, services.clock.now() + restBudgetMs);
  const later =
    urgent.length >= burstOf ? rest : await runSideBySide(writer, rest, { beginBy, stopAt, atOnce: restInFlight });
  await wake(services, [...left, ...later]);
}

/** Undo, contain, who an id is, and verification; not what waits for slow lanes behind a contained identity. */
function isUrgent(message: DueMessage): boolean {
  return priority(message) <= 2;
}

interface Pace {
  /** epoch ms: nothing is begun later */
  readonly beginBy: number;
  /** epoch ms: what has begun starts no new step later */
  readonly stopAt: number;
  readonly atOnce: number;
}

/** Answers what was not begun in time. */
async function runSideBySide(
  writer: Writer,
  woken: readonly WakeUp[],
  { beginBy, stopAt, atOnce }: Pace,
): Promise<readonly WakeUp[]> {
  const limit = pLimit(atOnce);
  const identities = Map.groupBy(woken, ({ message }) => message.identity);
  const left: WakeUp[] = [];
  const runIdentity = async (things: readonly WakeUp[]) => {
    for (const wakeUp of things) {
      if (writer.services.clock.now() >= beginBy) left.push(wakeUp);
      else await runOne(writer, wakeUp, stopAt);
    }
  };
  await Promise.all([...identities.values()].map((things) => limit(runIdentity, things)));
  return left;
}

async function runOne(writer: Writer, wakeUp: WakeUp, stopAt: number): Promise<void> {
  const { services } = writer;
  const { message, attempts, version } = wakeUp;
  const next = await deliverSafely(services, message, await attemptOne(writer, wakeUp, stopAt));
  const seenTo = { message: nextMessage(message, next), attempts: Math.min(attempts + 1, attemptsCounted), version };
  try {
    await settleDue(services, seenTo, next.wakeAt);
  } catch (error) {
    // The due row is still there and wakes us again; the thing itself is done or knows where it stands.
    services.logger.warn("A due row could not be written; the sweep will publish it again", {
      error: describeError(error),
    });
  }
}

/** A verification comes before stages that have not begun to eradicate. */
function nextMessage(message: DueMessage, { verifies }: Next): DueMessage {
  return message.kind === "stage" ? { ...message, verifies: verifies ?? false } : message;
}

async function attemptOne(writer: Writer, woken: WakeUp, stopAt: number): Promise<Next> {
  try {
    const next = await dispatch(writer, woken, stopAt);
    const mayBeTheLast = next.wakeAt === null && woken.message.kind !== "close";
    if (mayBeTheLast && next.partition !== undefined) await closeLater(writer.services, next.partition);
    return next;
  } catch (error) {
    return failed(writer.services, woken, error);
  }
}

async function failed(services: Services, { message, attempts }: WakeUp, error: unknown): Promise<Next> {
  const { kind, identity } = message;
  const problem = describeError(error);
  const event: LogEvent = "due.failed";
  services.logger.error("A due thing failed and is tried again", { event, kind, identity, error: problem });
  if (error instanceof RetryableError) return { wakeAt: services.clock.now() + (error.retryAfterMs ?? failedAgainMs) };
  const again: Next = { wakeAt: services.clock.now() + failedAgainMs * 6 };
  if (!isStuck(attempts)) return again;
  services.logger.error("A due thing fails again and again", {
    event: "due.stuck" satisfies LogEvent,
    kind,
    identity,
    attempts,
  });
  try {
    return { ...again, partition: await tellStuck(services, message, problem) };
  } catch (untold) {
    services.logger.error("Nobody could be told of it", { kind, identity, error: describeError(untold) });
    return again;
  }
}

function dispatch(writer: Writer, { message }: WakeUp, stopAt: number): Promise<Next> {
  switch (message.kind) {
    case "stage":
      return runStage(writer, message, stopAt);
    case "resolve":
      return resolveFindings(writer, message);
    case "close":
      return closeIncident(writer, message);
    case "clear":
      return clearIncident(writer, message);
    case "breaker":
      return lookAtBreaker(writer.services);
    case "retirement":
      return lookAtRetirement(writer, message);
    case "conditional-access":
      return keepBlockPolicy(writer);
    case "deliver":
      return deliverDue(writer.services, message.identity);
  }
}

/** Stays due until everything was told. */
async function deliverDue(services: Services, identity: IdentityKey): Promise<Next> {
  return { wakeAt: await deliverNotices(services, identity) };
}

/** Before the due row goes: a crash in between leaves it, and the next run finds the notices. What stays untold is due soon. */
async function deliverSafely(services: Services, { identity }: DueMessage, next: Next): Promise<Next> {
  if (next.partition === undefined) return next;
  try {
    await deliverFrom(services, next.partition);
    return next;
  } catch (error) {
    services.logger.warn("Notices stay for the next delivery", { identity, error: describeError(error) });
    const soon = services.clock.now() + failedAgainMs * 6;
    return { ...next, wakeAt: Math.min(next.wakeAt ?? soon, soon) };
  }
}
