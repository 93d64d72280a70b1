// Several stories, each in a tenant of its own with its own hubs, tables and app, a few at a time. Each is summed up when it ends.
import pLimit from "p-limit";
import { runStory } from "./run-story.ts";
import type { Story } from "./story.ts";

export interface RunAllOptions {
  readonly stories: readonly Story[];
  /** how many at a time: each is three processes, two of them small */
  readonly atOnce: number;
  readonly seed: string;
  /** tell each whole; else, of several, only those whole that do not go well */
  readonly whole: boolean;
  readonly write: (text: string) => void;
  readonly colour: boolean;
  readonly signal: AbortSignal;
}

export interface StoryResult {
  readonly story: string;
  readonly met: number;
  readonly demands: number;
  /** why it did not come to a verdict; null: it did */
  readonly failure: string | null;
  readonly seconds: number;
}

export function isGood({ failure, met, demands }: StoryResult): boolean {
  return failure === null && met === demands;
}

/** Never throws for one story: its failure is in its result. In the order of the stories. */
export async function runStories(options: RunAllOptions): Promise<StoryResult[]> {
  const limit = pLimit(options.atOnce);
  return Promise.all(options.stories.map((story) => limit(() => runOne(story, options))));
}

async function runOne(story: Story, { write, ...options }: RunAllOptions): Promise<StoryResult> {
  const startedAt = Date.now();
  const alone = options.stories.length === 1;
  const held: { text: string; isDetail: boolean }[] = [];
  const hold = (text: string, isDetail = false): void => void held.push({ text, isDetail });
  const told = (whole: boolean): string => held.flatMap((one) => (whole || !one.isDetail ? one.text : [])).join("");
  if (!alone) write(`${story.story} begins: ${story.title}\n`);
  const seconds = (): number => (Date.now() - startedAt) / 1000;
  try {
    options.signal.throwIfAborted();
    const played = await runStory({ ...options, story, write: alone ? write : hold, isHeld: !alone });
    await played.stop();
    const met = played.verdicts.filter((verdict) => verdict.met).length;
    const whole = options.whole || met < played.verdicts.length;
    if (!alone) write(`\n${"=".repeat(100)}\n${told(whole)}${whole ? "" : moreOf(story.story)}\n`);
    return { story: story.story, met, demands: played.verdicts.length, failure: null, seconds: seconds() };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    write(`${told(true)}\n${story.story} came to no verdict: ${failure}\n`);
    return { story: story.story, met: 0, demands: 0, failure, seconds: seconds() };
  }
}

function moreOf(name: string): string {
  return `What happened one after the other, and the app's reports: npm run demo -- --story ${name}\n`;
}

/** One line a story, and one for all. */
export function summary(results: readonly StoryResult[], seconds: number): string {
  const width = Math.max(...results.map(({ story }) => story.length));
  const rows = results.map((result) => {
    const verdict = isGood(result) ? "good" : "FAILED";
    const demands =
      result.failure === null
        ? `${result.met} of ${result.demands} demands met`
        : (result.failure.split("\n")[0] ?? "");
    return `  ${verdict.padEnd(6)}  ${result.story.padEnd(width)}  ${result.seconds.toFixed(0).padStart(4)} s  ${demands}`;
  });
  const good = results.filter(isGood).length;
  const sum = `${good} of ${results.length} stories went well, in ${seconds.toFixed(0)} s.`;
  return ["", "=".repeat(100), "Stories:", ...rows, "", sum, ""].join("\n");
}
