// `npm start` and `npm run demo`: everything Azure on this machine, an attack, and what the app makes of it.
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createEnvFile } from "./stories/env-file.ts";
import { findStory, shippedStories } from "./stories/find-story.ts";
import { type Played, runStory } from "./stories/run-story.ts";
import type { Story } from "./stories/story.ts";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
/** `--once` ends within two minutes; this leaves time to judge and to stop. */
const ONCE_MS = 105_000;

const usage = `Usage: npm start -- [options]      plays a story and stays up
       npm run demo -- [options]   plays it, judges it and ends: 0 when every demand is met, else 1

  --story NAME-or-FILE   ${shippedStories().join(", ")}, or a file of your own (docs/stories.md); default leaked-secret
  --once                 end after the story
  --seed TEXT            repeats the ids and the order of the risk records of another run
  --help`;

interface Options {
  readonly story: Story;
  readonly once: boolean;
  readonly seed: string;
}

/** Null: only help was asked for. */
function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      story: { type: "string", default: "leaked-secret" },
      once: { type: "boolean", default: false },
      seed: { type: "string", default: randomBytes(4).toString("hex") },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return values.help ? null : { story: findStory(values.story), once: values.once, seed: values.seed };
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
  const file = await createEnvFile(PROJECT, system.env);
  console.log(`
Everything stays up until Ctrl-C; what happens from now on is told here.
  health    ${system.host.url}/api/health
  graph     ${system.twin.graphUrl}
  look      . ${file.path} && npm run tq -- runs list      (in another terminal, in this folder)
            . ${file.path} && npm run tq -- runs approve PLAN --stage contain --as you@contoso.example --reason "…"`);
  try {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    await file.remove();
  }
}

async function main(): Promise<void> {
  const startedAt = Date.now();
  const options = readOptions();
  if (options === null) {
    console.log(usage);
    return;
  }
  const signal = interruption();
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const write = (text: string): void => void process.stdout.write(text);
  const end = options.once ? { endBy: startedAt + ONCE_MS } : {};
  const played = await runStory({ story: options.story, seed: options.seed, write, colour, signal, ...end });
  try {
    if (!options.once) await stayUp(played, signal);
  } finally {
    await played.stop();
  }
  process.exitCode = played.verdicts.every(({ met }) => met) ? 0 : 1;
}

main().catch((error: unknown) => {
  const isUse = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  console.error(isUse ? `${error.message}\n\n${usage}` : error instanceof Error ? error.message : error);
  process.exitCode = isUse ? 2 : 1;
});
