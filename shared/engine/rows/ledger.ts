/**
 * The lock of an identity and the order of its ledger. Every ledger write replaces the lock row by its etag in the same
 * transaction, so that a writer whose lease ran out cannot write on; and a tenant write starts only while the lease outlasts
 * the request timeout by a margin.
 */
import type { Services } from "../../ports/services.ts";
import type { Writer } from "../run/writer.ts";
import { shortMs } from "./expiry.ts";
import type { Draft, Partition } from "./partition.ts";
import { read } from "./partition.ts";
import { LockRow, rowKey } from "./rows.ts";

function lockOf(partition: Partition): LockRow | null {
  return read(partition, rowKey.lock, LockRow);
}

/**
 * A lease of our own process is ours to go on with: one process is one writer. A lease longer than any of us takes was written by
 * somebody else, so that an edited row cannot park an identity.
 */
export function isLockedByOther(partition: Partition, { clock, instance, limits }: Services): boolean {
  const lock = lockOf(partition);
  if (lock === null || lock.owner === instance) return false;
  const leftMs = lock.until - clock.now();
  return leftMs > 0 && leftMs <= 2 * limits.leaseMs;
}

export function lockedUntil(partition: Partition): number {
  return lockOf(partition)?.until ?? 0;
}

/** Takes or renews the lock with this draft: the commit fails if anybody else did meanwhile. */
export function holdLock({ services }: Writer, draft: Draft): void {
  const now = services.clock.now();
  const turn = (lockOf(draft.partition)?.turn ?? 0) + 1;
  const lock: LockRow = { owner: services.instance, until: now + services.limits.leaseMs, turn };
  draft.put(rowKey.lock, lock, now + shortMs);
}

export function releaseLock(draft: Draft): void {
  draft.remove(rowKey.lock);
}

/** Epoch ms by which a request must have its answer; null: the lease is too short to start one. */
export function sendDeadline({ services }: Writer, partition: Partition): number | null {
  const lock = lockOf(partition);
  if (lock === null || lock.owner !== services.instance) return null;
  const { requestTimeoutMs, leaseMarginMs } = services.limits;
  const now = services.clock.now();
  return lock.until - now >= requestTimeoutMs + leaseMarginMs ? now + requestTimeoutMs : null;
}
