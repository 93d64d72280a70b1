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
  /** `isDetail`: what happened one after the other, and the app's reports */
  readonly write: (text: string, isDetail?: boolean) => void;
  /** it is read afterwards, not while it plays: so it can be told in the order of time */
  readonly isHeld?: boolean;
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
    write(`${reports(notices, cast).join("\n")}\n`, true);
    write(`${[...stillOpen(notices, cast), ...verdictTable(verdicts, colour)].join("\n")}\n`);
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

/** What the app publishes comes seconds after it happened, when the writer has time for it; in a flood later. */
function settleMsOf({ story, isHeld = false }: RunOptions): number {
  if (isHeld) return 3_600_000;
  return story.tenant.some(({ copies }) => copies !== undefined) ? 20_000 : 3_000;
}

/** As wide as they get: with the number of its last copy. */
function namesOf({ tenant }: Story): string[] {
  return tenant.map(({ name, copies }) => (copies === undefined ? name : `${name}-${copies}`));
}

async function setUp(options: RunOptions): Promise<Stage> {
  const { story, write, colour } = options;
  const names = namesOf(story);
  let tenant: Tenant | undefined;
  const castOf = (): Cast => tenant?.cast ?? new Map();
  const crowdOf = (who: string): string | null => castOf().get(who)?.crowd ?? null;
  const timeline = createTimeline({
    write: (text) => write(text, true),
    ...{ colour, startedAt: Date.now(), names, crowdOf, settleMs: settleMsOf(options) },
  });
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
  write(`${policyLines(system).join("\n")}\n`);
  write(`\n${headings(namesOf(story))}\n`, true);
  const where = `Microsoft Graph is the twin at ${system.env.TOURNIQUET_GRAPH_URL}`;
  timeline.tell({ what: "story", who: null, text: where });
  timeline.flush(true);
  write(`${delayTable().join("\n")}\n`, true);
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
