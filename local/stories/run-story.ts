// One story from start to verdict: starts the system, plays, judges, prints. The system stays up until it is stopped.
import { setTimeout as sleep } from "node:timers/promises";
import { castTenant } from "./cast.ts";
import { reports, stillOpen, verdictTable } from "./closing.ts";
import type { Cast } from "./evidence.ts";
import { judge } from "./judge.ts";
import { delayTable, logDelayMs } from "./log-delays.ts";
import { playSteps } from "./play.ts";
import { policyDifferences } from "./policy-file.ts";
import { untilReady } from "./readiness.ts";
import { createRecorder } from "./recorder.ts";
import type { Story } from "./story.ts";
import { type System, startSystem } from "./system.ts";
import { createTimeline, headings, type Tell } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

export interface RunOptions {
  readonly story: Story;
  /** decides the twin's ids, and the order of the two risk records where the story leaves it open */
  readonly seed: string;
  readonly write: (text: string) => void;
  readonly colour: boolean;
  /** ends the play early */
  readonly signal: AbortSignal;
  /** epoch ms: what is not played by then is judged as it is */
  readonly endBy?: number;
}

export interface Played {
  readonly verdicts: readonly Verdict[];
  readonly system: System;
  stop(): Promise<void>;
}

/** Notices and log records that are under way when the last step ends. */
const LATE_MS = 1_500;

/** @throws Error when the system does not start, or the signal ends the play before it began; nothing is left running then */
export async function runStory(options: RunOptions): Promise<Played> {
  const { story, seed, write, colour, signal } = options;
  write(`Story ${story.story}: ${story.title} (seed ${seed})\n${story.about ? `${story.about}\n` : ""}\n`);
  let cast: Cast = new Map();
  const names = story.tenant.map(({ name }) => name);
  const timeline = createTimeline({ write, colour, startedAt: Date.now(), names });
  const recorder = createRecorder(() => cast, timeline);
  const system = await startSystem({
    twinOptions: { seed, logDelayMs: logDelayMs() },
    prepare: (twin) => {
      cast = castTenant(twin, story);
    },
    onRecord: recorder.onRecord,
  });
  const unwatch = recorder.watch(system);
  const stop = async (): Promise<void> => {
    unwatch();
    await system.stop();
    timeline.flush(true);
  };
  try {
    write(`${headings(names)}\n`);
    tellBeginning(system, timeline.tell);
    timeline.flush(true);
    write(`${delayTable().join("\n")}\n`);
    const readyMs = await untilReady(system.host.url, signal);
    timeline.tell({
      what: "story",
      who: null,
      text: `the app is up and has read who depends on what (${readyMs} ms); it begins`,
    });
    const limits = [signal, AbortSignal.timeout(limitMs(options))];
    const order = orderOf(seed);
    await playSteps({ story, cast, system, recorder, tell: timeline.tell, order, signal: AbortSignal.any(limits) });
    signal.throwIfAborted();
    await sleep(LATE_MS);
    timeline.flush(true);
    const verdicts = judge(story, recorder.evidence(system.twin));
    const { notices } = recorder;
    const closing = [...reports(notices, cast), ...stillOpen(notices, cast), ...verdictTable(verdicts, colour)];
    write(`${closing.join("\n")}\n`);
    return { verdicts, system, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function tellBeginning({ shippedPolicy, policy, env }: System, tell: Tell): void {
  const differences = policyDifferences(shippedPolicy, policy);
  const list = differences.map(({ path, before, after }) => `${path}: ${before} -> ${after}`).join("; ");
  const text = `the shipped policy.yaml with ${differences.length} differences: ${list}`;
  tell({ what: "story", who: null, text });
  tell({ what: "story", who: null, text: `Microsoft Graph is the twin at ${env.TOURNIQUET_GRAPH_URL}` });
}

function limitMs({ story, endBy }: RunOptions): number {
  const own = story.atMostSeconds * 1000;
  return endBy === undefined ? own : Math.max(0, Math.min(own, endBy - Date.now()));
}

/** Either, by chance that the seed repeats. */
function orderOf(seed: string): "detection-first" | "risky-first" {
  const sum = [...seed].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return sum % 2 === 0 ? "detection-first" : "risky-first";
}
