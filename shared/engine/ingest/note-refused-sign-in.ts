/**
 * A sign-in refused with AADSTS7000112 later than our write bears the containment out. Strangers with the client id can cause
 * such records without end, so they are looked at only once a minute for an identity, also while nothing waits, and stored only
 * while something does: a containment that is not verified yet, or something disabled because nobody used it, of which such a record is
 * the sign of life that people are asked about. That is stored once: what comes after it says nothing new until they were told of it.
 */
import type { DueMessage } from "../../domain/due.ts";
import type { EventOf } from "../../domain/event.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { putDue, wake } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft, loadPartition, type Partition, read } from "../rows/partition.ts";
import { plansOf, stageRow } from "../rows/plans.ts";
import { IdentityRecord, rowKey } from "../rows/rows.ts";
import { signOfLifeFrom } from "../unused/life/sign-of-life-from.ts";

const lookAgainMs = 60_000;
const clockSkewMs = 5 * 60_000;
const rememberAtMost = 10_000;

/** identity → epoch ms it was last looked at; one of these for a process, made by the composition of `ingest`. */
export type SeenRefusals = Map<IdentityKey, number>;

export async function noteRefusedSignIn(
  services: Services,
  seen: SeenRefusals,
  key: IdentityKey,
  event: EventOf<"signed-in">,
): Promise<void> {
  const now = services.clock.now();
  // a record of the future would bear out every later disable, too
  if (Date.parse(event.occurredAt) > now + clockSkewMs) return;
  if (now - (seen.get(key) ?? Number.NEGATIVE_INFINITY) < lookAgainMs) return;
  const partition = await loadPartition(services.stores.identities, key);
  const record = read(partition, rowKey.identity, IdentityRecord);
  const waiting = record === null ? null : waitingFor(partition, record);
  // one from before the disable must not hide the one after it
  if (waiting !== null && event.occurredAt <= waiting.after) return;
  if (seen.size >= rememberAtMost) seen.clear();
  seen.set(key, now);
  if (record === null || waiting === null) return;
  const draft = new Draft(partition).put(
    rowKey.identity,
    { ...record, refusedSignInAt: event.occurredAt } satisfies IdentityRecord,
    now + historyMs,
  );
  const wakeUp = await putDue(services, waiting.message, now + services.limits.batchBudgetMs);
  // A lost race is harmless: the reads verify as well, only later.
  if (await draft.commit(services.stores.identities)) await wake(services, [wakeUp]);
}

interface Waiting {
  /** ISO 8601 UTC: only what is later says anything */
  readonly after: string;
  readonly message: DueMessage;
}

function waitingFor(partition: Partition, record: IdentityRecord): Waiting | null {
  const { openIncidentId, refusedSignInAt } = record;
  if (openIncidentId === null) return null;
  const identity = partition.key;
  const contain = unverifiedContain(partition, openIncidentId);
  if (contain !== null) {
    const { planId, appliedAt } = contain;
    const message = { kind: "stage", identity, planId, stage: "contain", verifies: true } as const;
    return { after: appliedAt, message };
  }
  const asksFrom = signOfLifeFrom(partition, openIncidentId);
  const isStored = refusedSignInAt !== null && asksFrom !== null && refusedSignInAt > asksFrom;
  return asksFrom === null || isStored ? null : { after: asksFrom, message: { kind: "retirement", identity } };
}

function unverifiedContain(partition: Partition, incidentId: string) {
  for (const plan of plansOf(partition, incidentId)) {
    const { status, verification } = stageRow(partition, plan.id, "contain");
    if (status === "done" && verification?.state === "unverified") {
      return { planId: plan.id, appliedAt: verification.appliedAt };
    }
  }
  return null;
}
