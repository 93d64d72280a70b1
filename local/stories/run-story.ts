// One story from start to verdict: starts the system, plays, judges, prints. The system stays up until it is stopped.
import { setTimeout as sleep } from "node:timers/promises";
import type { TwinOptions } from "../tenant/options.ts";
import { castTenant, type Tenant } from "./cast.ts";
import { reports, stillOpen, verdictTable } from "./closing.ts";
import type { Cast } from "./evidence.ts";
import { createForger, type Forger, isForged } from "./forger.ts";
import { judge } from "./judge.ts";
import { delayTable, logDelayMs } from "./log-delays.ts";
import { fillAll } from "./placeholders.ts";
import { playSteps } from "./play.ts";
import { type PolicyPatch, policyDifferences } from "./policy-file.ts";
import { untilReady } from "./readiness.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import type { Story } from "./story.ts";
import { type System, startSystem } from "./system.ts";
import { createTimeline, headings, type Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

export interface RunOptions {
  readonly story: Story;
  /** decides the twin's ids, and the order of the two risk records where the story leaves it open */
  readonly seed: string;
  readonly write: (text: string) => void;
  readonly colour: boolean;
  /** ends the play early */
  readonly signal: AbortSignal;
}

export interface Played {
  readonly verdicts: readonly Verdict[];
  readonly system: System;
  stop(): Promise<void>;
}

/** Notices and log records that are under way when the last step ends. */
const LATE_MS = 1_500;

interface Stage {
  readonly system: System;
  readonly tenant: Tenant;
  readonly recorder: Recorder;
  readonly timeline: Timeline;
  readonly forger: Forger | null;
  stop(): Promise<void>;
}

/** @throws Error when the system does not start, or the signal ends the play before it began; nothing is left running then */
export async function runStory(options: RunOptions): Promise<Played> {
  const { story, seed, write, colour, signal } = options;
  write(`Story ${story.story}: ${story.title} (seed ${seed})\n${story.about ? `${story.about}\n` : ""}\n`);
  const stage = await setUp(options);
  const { system, tenant, recorder, timeline, forger, stop } = stage;
  try {
    await open(options, stage);
    const limits = [signal, AbortSignal.timeout(story.atMostSeconds * 1000)];
    const about = { story, tenant, system, recorder, forger, tell: timeline.tell, order: orderOf(seed) };
    await playSteps({ ...about, signal: AbortSignal.any(limits) });
    signal.throwIfAborted();
    await sleep(LATE_MS);
    timeline.flush(true);
    const verdicts = judge(story, recorder.evidence(system.twin));
    const { notices } = recorder;
    const { cast } = tenant;
    const closing = [...reports(notices, cast), ...stillOpen(notices, cast), ...verdictTable(verdicts, colour)];
    write(`${closing.join("\n")}\n`);
    return { verdicts, system, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function twinOptionsOf({ story, seed }: RunOptions): TwinOptions {
  const { privilegedIdentityManagement = true, workloadIdentities = true } = story.licences;
  const licences = { privilegedIdentityManagement, workloadIdentities };
  return { seed, licences, withoutRoles: story.withoutPermissions };
}

async function setUp(options: RunOptions): Promise<Stage> {
  const { story, write, colour } = options;
  const names = story.tenant.map(({ name }) => name);
  let tenant: Tenant | undefined;
  const castOf = (): Cast => tenant?.cast ?? new Map();
  const timeline = createTimeline({ write, colour, startedAt: Date.now(), names });
  const recorder = createRecorder(castOf, timeline);
  const forger = story.steps.some(isForged) ? await createForger(story, twinOptionsOf(options)) : null;
  const system = await startSystem({
    twinOptions: { ...twinOptionsOf(options), logDelayMs: logDelayMs() },
    prepare: (twin) => {
      tenant = castTenant(twin, story);
    },
    policyPatch: ({ tenantId, subscriptionId }): PolicyPatch =>
      fillAll(story.policy, { cast: castOf(), tenantId, subscriptionId }),
    onRecord: recorder.onRecord,
  }).catch(async (error: unknown) => {
    await forger?.stop();
    throw error;
  });
  const unwatch = recorder.watch(system);
  return {
    ...{ system, recorder, timeline, forger },
    tenant: tenant ?? castTenant(system.twin, story),
    stop: async () => {
      unwatch();
      await Promise.all([system.stop(), forger?.stop()]);
      timeline.flush(true);
    },
  };
}

/** Tells what is not as shipped, and waits until the app has its bearings. */
async function open({ story, write, signal }: RunOptions, { system, timeline }: Stage): Promise<void> {
  write(`${policyLines(system).join("\n")}\n\n`);
  write(`${headings(story.tenant.map(({ name }) => name))}\n`);
  const where = `Microsoft Graph is the twin at ${system.env.TOURNIQUET_GRAPH_URL}`;
  timeline.tell({ what: "story", who: null, text: where });
  timeline.flush(true);
  write(`${delayTable().join("\n")}\n`);
  const readyMs = await untilReady(system.host.url, signal);
  const text = `the app is up and has read who depends on what (${readyMs} ms); it begins`;
  timeline.tell({ what: "story", who: null, text });
}

function policyLines({ shippedPolicy, policy }: System): string[] {
  const differences = policyDifferences(shippedPolicy, policy);
  const lines = differences.map(({ path, before, after }) => `  ${path}: ${shown(before)} -> ${shown(after)}`);
  return [`The shipped policy.yaml but for ${lines.length} lines:`, ...lines];
}

function shown(value: unknown): string {
  if (value === undefined) return "not there";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Either, by chance that the seed repeats. */
function orderOf(seed: string): "detection-first" | "risky-first" {
  const sum = [...seed].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return sum % 2 === 0 ? "detection-first" : "risky-first";
}
