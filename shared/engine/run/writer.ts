/** What the writer holds for as long as the process lives: caches that save quota, and queues that gather requests. */
import type { Services } from "../../ports/services.ts";
import type { DependencySummary } from "../../ports/stores.ts";
import { type AuditLookup, createAuditLookup } from "../evidence/audit-lookup.ts";
import { createRiskLookup, type RiskLookup } from "../evidence/risk-lookup.ts";
import { loadActor } from "../incident/note-actor.ts";
import { tellGroupWaits } from "../judge/group-waits.ts";
import { readSafety, type Safety } from "../judge/safety.ts";
import type { Partition } from "../rows/partition.ts";
import { createGather, type Gather } from "../snapshot/gather.ts";

export interface Writer {
  readonly services: Services;
  readonly risks: RiskLookup;
  readonly audits: AuditLookup;
  readonly gather: Gather;
  dependencySummary(): Promise<DependencySummary | null>;
  /** settings, the breaker and what people protected; at most a few seconds old: in force everywhere within 30 s */
  safety(): Promise<Safety>;
  /** the rows of one actor, a few seconds old */
  actor(actorId: string): Promise<Partition>;
  /** says, once an hour, that plans wait as a group */
  groupWaits(): Promise<void>;
}

const safetyFreshMs = 5_000;
const hourMs = 3600_000;
const actorsRemembered = 200;
const summaryFreshMs = 60_000;

export function createWriter(services: Services): Writer {
  const actors = new Map<string, () => Promise<Partition>>();
  const actorLook = (actorId: string) => {
    const look = actors.get(actorId) ?? remembered(services, safetyFreshMs, () => loadActor(services, actorId));
    if (actors.size >= actorsRemembered) actors.clear();
    actors.set(actorId, look);
    return look;
  };
  return {
    services,
    risks: createRiskLookup(services),
    audits: createAuditLookup(services),
    gather: createGather(services),
    dependencySummary: remembered(services, summaryFreshMs, () =>
      services.stores.dependencies.summary(services.policy.tenantId),
    ),
    safety: remembered(services, safetyFreshMs, () => readSafety(services)),
    actor: (actorId) => actorLook(actorId)(),
    groupWaits: remembered(services, hourMs, () => tellGroupWaits(services)),
  };
}

/** A failed read is not remembered. */
function remembered<T>(services: Services, freshMs: number, read: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | null = null;
  return () => {
    const now = services.clock.now();
    if (last !== null && now - last.at < freshMs) return last.value;
    const value = read();
    const mine = { at: now, value };
    last = mine;
    value.catch(() => {
      if (last === mine) last = null;
    });
    return value;
  };
}
