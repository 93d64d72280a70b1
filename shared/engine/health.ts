/** How we are: can storage be read, how old is the newest record of each category, how old the dependency cache, what waits. */
import { isoAt } from "../ports/clock.ts";
import type { Services } from "../ports/services.ts";
import { readInForce } from "./judge/safety.ts";
import { type ChannelHealth, outboxHealth } from "./outbox-health.ts";

export interface Health {
  readonly status: "ok" | "degraded";
  readonly at: string;
  readonly mode: string;
  readonly tenantId: string;
  readonly killSwitch: string | null;
  /** category → newest record; a category that never came is not there */
  readonly newestRecords: Readonly<Record<string, { readonly at: string; readonly ageSeconds: number }>>;
  readonly dependencyCache: { readonly readAt: string; readonly ageSeconds: number } | null;
  readonly due: { readonly waiting: number; readonly overdue: number };
  readonly deadLetters: number;
  /** by channel, whether people are reached */
  readonly channels: Readonly<Record<string, ChannelHealth>>;
  /** id of the key that signs now */
  readonly signingKey: string | null;
}

export type HealthServices = Pick<Services, "clock" | "policy" | "stores" | "signer" | "notifiers">;

/** Due things this late mean that the writer does not keep up or does not run. */
const overdueMs = 120_000;
const lettersCounted = 100;

export async function health(services: HealthServices): Promise<Health> {
  const { clock, policy, signer, stores } = services;
  const { tenantId } = policy;
  const now = clock.now();
  const [newest, summary, due, letters, { killSwitch: stopped }, [key]] = await Promise.all([
    stores.freshness.all(tenantId),
    stores.dependencies.summary(tenantId),
    stores.due.all(tenantId),
    stores.deadLetters.list(tenantId, lettersCounted),
    readInForce(services),
    signer.publicKeys(),
  ]);
  const outbox = await outboxHealth(services, due);
  const age = (at: number) => ({ at: isoAt(at), ageSeconds: Math.max(0, Math.round((now - at) / 1000)) });
  const overdue = due.filter(({ wakeAt }) => now - wakeAt > overdueMs).length;
  return {
    status: overdue === 0 && !outbox.isLate ? "ok" : "degraded",
    at: isoAt(now),
    mode: policy.mode,
    tenantId,
    killSwitch: stopped?.reason ?? null,
    newestRecords: Object.fromEntries([...newest].map(([category, { last }]) => [category, age(last)])),
    dependencyCache:
      summary === null ? null : { readAt: isoAt(summary.readAt), ageSeconds: age(summary.readAt).ageSeconds },
    due: { waiting: due.length, overdue },
    deadLetters: letters.length,
    channels: outbox.channels,
    signingKey: key?.id ?? null,
  };
}
