// `npm start` and `npm run demo`: everything Azure on this machine, attacks, and what the app makes of them.
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createEnvFile } from "./stories/env-file.ts";
import { findStory, shippedStories } from "./stories/find-story.ts";
import { isGood, runStories, summary } from "./stories/run-stories.ts";
import { type Played, runStory } from "./stories/run-story.ts";
import type { Story } from "./stories/story.ts";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

const usage = `Usage: npm start -- [options]      plays leaked-secret, or another story, and stays up
       npm run demo -- [options]   plays every story, judges them and ends: 0 when every demand is met, else 1

  --story NAME-or-FILE   ${shippedStories().join(", ")}, or a file of your own (docs/stories.md); may be repeated
  --once                 end after the stories
  --at-once NUMBER       how many stories side by side, each in a tenant of its own; default 3
  --timeline             tell each story whole also when there are several; one that fails is told whole anyway
  --seed TEXT            repeats the ids and the order of the risk records of another run
  --help`;

interface Options {
  readonly stories: readonly Story[];
  readonly once: boolean;
  readonly atOnce: number;
  /** tell each whole, however many they are */
  readonly whole: boolean;
  readonly seed: string;
}

/** Null: only help was asked for. */
function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      story: { type: "string", multiple: true },
      once: { type: "boolean", default: false },
      "at-once": { type: "string", default: "3" },
      timeline: { type: "boolean", default: false },
      seed: { type: "string", default: randomBytes(4).toString("hex") },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return null;
  const { once, seed } = values;
  const names = values.story ?? (once ? shippedStories() : ["leaked-secret"]);
  if (!once && names.length > 1) throw new Error("--story: one story can stay up; add --once to play several.");
  const atOnce = Number(values["at-once"]);
  if (!Number.isInteger(atOnce) || atOnce < 1) throw new Error("--at-once: write a whole number, for example 3.");
  return { stories: names.map(findStory), once, atOnce, whole: values.timeline, seed };
}

/** At a terminal one Ctrl-C comes twice: from the terminal and from npm. */
const SAME_SIGNAL_MS = 1_000;

/** The first signal ends what runs in order, another one at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        if (Date.now() - firstAt > SAME_SIGNAL_MS) process.exit(130);
        return;
      }
      firstAt = Date.now();
      process.stderr.write(`\n${name}: stopping\n`);
      controller.abort(new Error(`ended by ${name}`));
    });
  }
  return controller.signal;
}

async function stayUp({ system }: Played, signal: AbortSignal): Promise<void> {
  const file = await createEnvFile(PROJECT, { TOURNIQUET_URL: system.host.url });
  console.log(`
Everything stays up until Ctrl-C; what happens from now on is told here.
  health    ${system.host.url}/api/health
  graph     ${system.twin.graphUrl}
  api       ${system.host.url}/api/openapi.json

In another terminal, in this folder:
  . ${file.path}
  eval "$(npm run -s login -- you@contoso.example --roles Operator,Approver)"
  npm run -s tq -- incidents list
  npm run -s tq -- runs list
  npm run -s tq -- runs approve PLAN --reason "the owner knows"
docs/operations.md goes through a whole day. Who asked for a plan cannot approve it: sign in as somebody else.`);
  try {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    await file.remove();
  }
}

interface Output {
  readonly write: (text: string) => void;
  readonly colour: boolean;
  readonly signal: AbortSignal;
}

/** @returns whether every demand is met */
async function playAndStay(story: Story, seed: string, output: Output): Promise<boolean> {
  const played = await runStory({ story, seed, ...output });
  try {
    await stayUp(played, output.signal);
  } finally {
    await played.stop();
  }
  return played.verdicts.every(({ met }) => met);
}

async function playAll(options: Options, output: Output): Promise<boolean> {
  const startedAt = Date.now();
  const results = await runStories({ ...options, ...output });
  output.write(summary(results, (Date.now() - startedAt) / 1000));
  return results.every(isGood);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) {
    console.log(usage);
    return;
  }
  const signal = interruption();
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const output = { write: (text: string): void => void process.stdout.write(text), colour, signal };
  const [first] = options.stories;
  const stays = !options.once && first !== undefined;
  const good = stays ? await playAndStay(first, options.seed, output) : await playAll(options, output);
  process.exitCode = good ? 0 : 1;
}

main().catch((error: unknown) => {
  const isUse = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  console.error(isUse ? `${error.message}\n\n${usage}` : error instanceof Error ? error.message : error);
  process.exitCode = isUse ? 2 : 1;
});
