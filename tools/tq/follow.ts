/** `--wait`: looks at a plan again and again until it ended or waits for somebody. */
import { setTimeout as sleep } from "node:timers/promises";
import { getRun } from "../../shared/api/show-runs.ts";
import { RetryableError } from "../../shared/domain/errors.ts";
import { call } from "./call.ts";
import type { Context } from "./command.ts";
import { type Run, type Stage, statusInWords } from "./show-stage.ts";

const everyMs = 1_000;
const longestMs = 15 * 60_000;

const ended = new Set<Stage["status"]>(["observed", "done", "undone", "blocked", "failed", "cancelled", "expired"]);
const failed = new Set<Stage["status"]>(["blocked", "failed", "cancelled", "expired"]);

/** Throws RetryableError `still-going` after 15 minutes. */
export async function until<T>(look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + longestMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (Date.now() > deadline) {
      throw new RetryableError("it goes on after 15 minutes; look again later", { code: "still-going" });
    }
    await sleep(everyMs);
  }
}

/** `only`: that stage alone. Says each change of a stage. */
export function follow(context: Context, planId: string, only: Stage["stage"] | null): Promise<Run> {
  const said = new Set<string>();
  return until(async () => {
    const { body: run } = await call(context.connection, getRun, { params: { id: planId } });
    const stages = stagesOf(run, only);
    for (const { stage, status } of stages) {
      const line = `${stage}: ${statusInWords(status)}`;
      if (!said.has(line)) context.say(line);
      said.add(line);
    }
    return isSettled(stages) ? run : null;
  });
}

function stagesOf({ stages }: Run, only: Stage["stage"] | null): readonly Stage[] {
  return only === null ? stages : stages.filter(({ stage }) => stage === only);
}

/** A stage that waits while nobody is missing was approved, and the writer has not looked yet. */
function isSettled(stages: readonly Stage[]): boolean {
  const waits = stages.some(({ status, missing }) => status === "waiting" && missing > 0);
  return waits || stages.every(({ status }) => ended.has(status)) || stages.some(({ status }) => failed.has(status));
}

/** Did what was followed fail? */
export function hasFailed(run: Run, only: Stage["stage"] | null): boolean {
  return stagesOf(run, only).some(({ status }) => failed.has(status));
}
