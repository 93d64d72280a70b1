/** Timers: publish what is due, tell of logs that went silent and of settings that were edited, look after our health, keep the dependency cache and the named locations, look who is unused, send the day's digest and the month's summary of what nobody uses, drop expired rows. A storage outage is told and waited out. */
import { describeError, RetryableError } from "../shared/domain/errors.ts";
import { countWaiting } from "../shared/engine/digest/gather-digest.ts";
import { sendDigest } from "../shared/engine/digest/send-digest.ts";
import { copyNamedLocations } from "../shared/engine/ingest/copy-named-locations.ts";
import { purge, sweep } from "../shared/engine/run/sweep.ts";
import { refreshDependencies } from "../shared/engine/snapshot/refresh-dependencies.ts";
import { sendSummary } from "../shared/engine/unused/life/summary.ts";
import { continueScan } from "../shared/engine/unused/scan/scan.ts";
import type { LogEvent } from "../shared/ports/signals.ts";
import type { App } from "./app.ts";

/** Younger readings are kept: a restart is no reason to read the whole directory again. */
const freshMs = 20 * 3600_000;

function quietly(app: () => Promise<App>, work: (app: App) => Promise<unknown>) {
  return async (): Promise<void> => {
    const composed = await app();
    try {
      await work(composed);
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      composed.services.logger.warn("A timer could not do its work and does it next time", {
        event: "timer.failed" satisfies LogEvent,
        error: describeError(error),
      });
    }
  };
}

export function sweepTimer(app: () => Promise<App>) {
  return quietly(app, async ({ services, watchHealth, watchSilence, watchSafety }) => {
    await sweep(services);
    await watchSafety();
    await watchSilence();
    await watchHealth();
  });
}

export function purgeTimer(app: () => Promise<App>) {
  return quietly(app, async ({ services }) => {
    await purge(services);
    services.telemetry.level("tourniquet.approvals.waiting", await countWaiting(services));
  });
}

export function dependenciesTimer(app: () => Promise<App>) {
  return quietly(app, async ({ services }) => {
    const summary = await services.stores.dependencies.summary(services.policy.tenantId);
    if (summary !== null && services.clock.now() - summary.readAt < freshMs) return;
    await refreshDependencies(services);
  });
}

export function namedLocationsTimer(app: () => Promise<App>) {
  return quietly(app, async ({ services }) => {
    const kept = await services.stores.namedLocations.get(services.policy.tenantId);
    if (kept !== null && services.clock.now() - kept.readAt < freshMs) return;
    await copyNamedLocations(services);
  });
}

/** Of the 60 % of `functionTimeout` that a handler may take; the next minute goes on. */
const scanBudgetMs = 150_000;

export function retireUnusedTimer(app: () => Promise<App>) {
  return quietly(app, ({ services }) => continueScan(services, scanBudgetMs));
}

export function digestTimer(app: () => Promise<App>) {
  return quietly(app, async ({ services }) => {
    await sendDigest(services);
    await sendSummary(services);
  });
}
