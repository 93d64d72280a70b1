// Timer triggers: waits for the next occurrence, runs, and only then looks for the next, so no timer overlaps itself.
import { setTimeout as sleep } from "node:timers/promises";
import { type AppSettings, resolvePlaceholders } from "./app-settings.ts";
import { type InvokeOptions, invoke } from "./invoke.ts";
import { nextOccurrence, parseNcrontab, type Schedule } from "./ncrontab.ts";
import type { RegisteredFunction } from "./registry.ts";
import { type RunResult, runWithRetries } from "./retry-policy.ts";
import type { TriggerBinding } from "./trigger-binding.ts";

/** Node's timers cannot wait longer than this. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

export interface Timer {
  /** Runs the function now, or joins the run that is under way. */
  fire(): Promise<RunResult>;
  /** Settles when the timer has ended after `stop`, any run included. */
  readonly ended: Promise<void>;
}

/**
 * Starts one timer. Unlike Azure it keeps no record of missed occurrences (`useMonitor`) and its zone is UTC.
 * @throws Error when the schedule is not NCRONTAB
 */
export function startTimer(
  fn: RegisteredFunction,
  binding: TriggerBinding,
  settings: AppSettings,
  options: InvokeOptions,
  stop: AbortSignal,
): Timer {
  const name = fn.metadata.name;
  const schedule = parseNcrontab(resolvePlaceholders(String(binding.options.schedule ?? ""), settings, name));
  let last: Date | undefined;
  let running: Promise<RunResult> | undefined;

  async function run(): Promise<RunResult> {
    const startedAt = new Date();
    const input = { name: binding.name, data: { json: timerJson(schedule, last, startedAt) } };
    last = startedAt;
    const attempt = (retry: Parameters<Parameters<typeof runWithRetries>[0]>[0]): Promise<unknown> =>
      invoke({ fn, input, ...(retry === undefined ? {} : { retryContext: retry }) }, options);
    return runWithRetries(attempt, fn.metadata.retryOptions, stop);
  }

  function fire(): Promise<RunResult> {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function loop(): Promise<void> {
    if (binding.options.runOnStartup === true) await fire();
    while (!stop.aborted) {
      if (await sleepUntil(nextOccurrence(schedule, new Date()), stop)) await fire();
    }
    await running;
  }

  return { fire, ended: loop() };
}

/** @returns false when stopped before the time came */
async function sleepUntil(time: Date, stop: AbortSignal): Promise<boolean> {
  for (let left = time.getTime() - Date.now(); left > 0; left = time.getTime() - Date.now()) {
    try {
      await sleep(Math.min(left, LONGEST_SLEEP_MS), undefined, { signal: stop });
    } catch (error) {
      if (stop.aborted) return false;
      throw error;
    }
  }
  return !stop.aborted;
}

/** The timer object as the host writes it, in .NET spelling; the library turns the keys to camel case. */
function timerJson(schedule: Schedule, last: Date | undefined, now: Date): string {
  const lastRun = (last ?? new Date(0)).toISOString();
  return JSON.stringify({
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: lastRun, LastUpdated: lastRun, Next: nextOccurrence(schedule, now).toISOString() },
    IsPastDue: false,
  });
}
