/** What the writer holds for as long as the process lives: caches that save quota, and queues that gather requests. */
import type { StoppedBy } from "../guardrails/guardrail.ts";
import type { Services } from "../ports/services.ts";
import type { DependencySummary } from "../ports/stores.ts";
import { createGather, type Gather } from "./gather.ts";
import { readKillSwitch } from "./kill-switch-state.ts";
import { createRiskLookup, type RiskLookup } from "./risk-lookup.ts";

export interface Writer {
  readonly services: Services;
  readonly risks: RiskLookup;
  readonly gather: Gather;
  /** at most a few seconds old: in force everywhere within 30 s */
  killSwitch(): Promise<StoppedBy | null>;
  dependencySummary(): Promise<DependencySummary | null>;
}

const killSwitchFreshMs = 5_000;
const summaryFreshMs = 60_000;

export function createWriter(services: Services): Writer {
  return {
    services,
    risks: createRiskLookup(services),
    gather: createGather(services),
    killSwitch: remembered(services, killSwitchFreshMs, () => readKillSwitch(services)),
    dependencySummary: remembered(services, summaryFreshMs, () =>
      services.stores.dependencies.summary(services.policy.tenantId),
    ),
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
