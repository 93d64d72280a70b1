/**
 * Who is behind many findings. Each filing leaves a row of its own under the actor, so that filings never wait for each other; the
 * writer counts them when it judges, tells once, and files one finding on the actor.
 */
import { type Finding, Severity } from "../../domain/finding.ts";
import { type IdentityRef, nobodyIn } from "../../domain/identity.ts";
import type { ActorBurst } from "../../guardrails/guardrail.ts";
import { idsOf } from "../../guardrails/guardrail.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Unplaced } from "../ingest/detect.ts";
import { deliverNow } from "../rows/deliver-notices.ts";
import { putDue, wake } from "../rows/due.ts";
import { tell } from "../rows/notices.ts";
import { Draft, type Partition, readAll } from "../rows/partition.ts";
import type { Writer } from "../run/writer.ts";
import { keptMs, SeenRow, seenPrefix } from "./note-actor.ts";
import { placeFinding } from "./place-finding.ts";

const toldRow = "told";

/** Pure: do so many lie within so many minutes, anywhere in the last day? Epoch ms. */
export function isBurst(times: readonly number[], findings: number, minutes: number): boolean {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.some((at, i) => (sorted[i + findings - 1] ?? Number.POSITIVE_INFINITY) - at <= minutes * 60_000);
}

/** The first actor of the findings that is behind a burst; what an identity does to itself is no bait. */
export async function burstBehind(
  writer: Writer,
  findings: readonly Finding[],
  identity: IdentityRef,
): Promise<ActorBurst | null> {
  const { policy, clock } = writer.services;
  const limit = policy.blastRadius.oneActorBurst;
  if (limit === undefined) return null;
  const own = idsOf(identity);
  const actors = new Set(
    findings.flatMap(({ actorId }) => (actorId === null || own.includes(actorId) ? [] : [actorId])),
  );
  for (const actorId of actors) {
    const partition = await writer.actor(actorId);
    const times = readAll(partition, seenPrefix, SeenRow)
      .map(({ value }) => value.at)
      .filter((at) => clock.now() - at < keptMs);
    if (isBurst(times, limit.findings, limit.minutes)) return { actorId, findings: times.length };
  }
  return null;
}

/** Once a burst: a finding on the actor, so that there is an incident of its own, and a page that names it. */
export async function tellBurst(writer: Writer, { actorId, findings }: ActorBurst, cause: Finding): Promise<void> {
  const { services } = writer;
  const partition = await writer.actor(actorId);
  if (partition.rows.has(toldRow)) return;
  // before it is told: a crash in between files the same finding again
  await placeFinding(services, onActor(partition, actorId, findings, cause, isoAt(services.clock.now())));
  const { tenantId } = cause.subject;
  const now = services.clock.now();
  const draft = new Draft(partition).put(toldRow, { at: now }, now + keptMs);
  const message = `Actor ${actorId} is behind ${findings} findings: look at the actor first; what it touched waits for a person`;
  tell(
    draft,
    {
      event: "actor.burst",
      about: [isoAt(now)],
      severity: "critical",
      urgency: "page",
      identity: nobodyIn(tenantId),
      message,
      data: { actorId, findings },
    },
    now,
  );
  const wakeUp = await putDue(services, { kind: "deliver", identity: partition.key }, now);
  if (!(await draft.commit(services.stores.identities))) return;
  await wake(services, [wakeUp]);
  await deliverNow(services, partition.key);
}

/** A person is a topic; a workload that nobody has met is looked up by the writer. Named by the burst's first finding. */
function onActor(partition: Partition, actorId: string, findings: number, cause: Finding, now: string): Unplaced {
  const nobody = nobodyIn(cause.subject.tenantId);
  const isPerson = cause.actorKind === "user";
  const since = Math.min(...readAll(partition, seenPrefix, SeenRow).map(({ value }) => value.at));
  return {
    detection: "one-actor-burst",
    severity: Severity.enum.critical,
    ceiling: "notify",
    title: `It is behind ${findings} findings on other identities`,
    subject: isPerson ? nobody : { ...nobody, servicePrincipalId: actorId },
    ...(isPerson ? { topic: { kind: "user", id: actorId } } : {}),
    claimedName: null,
    actorId: null,
    dedupeBy: isoAt(since),
    details: { about: "actor-burst", findings },
    warrant: cause.warrant,
    receivedAt: now,
  };
}
