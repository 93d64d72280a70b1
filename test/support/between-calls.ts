/** Two people, or a person and the writer, at once: the one does what they want between any two port calls of the other. */
import type { Harness } from "./harness.ts";
import { type Process, startProcess } from "./harness-world.ts";

export interface Meeting {
  /** what came of the one who was interrupted: its answer or its error */
  readonly first: unknown;
  /** and of the other; undefined: there were not so many calls, so it came after all of them */
  readonly second: unknown;
  readonly calls: number;
}

/** `at`: before which port call of the first the second comes in. Errors are answers here. */
export async function meet(
  { world }: Harness,
  at: number,
  first: (process: Process) => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<Meeting> {
  let calls = 0;
  let answer: Promise<unknown> | null = null;
  const beforeCall = async () => {
    if (calls++ !== at) return;
    answer = caught(second());
    await answer;
  };
  const said = await caught(first(startProcess(world, "one", { beforeCall })));
  answer ??= caught(second());
  return { first: said, second: await answer, calls };
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return error;
  }
}

/** The same meeting at every call that the first one makes; each in a world of its own. */
export async function atEveryCall(story: (at: number) => Promise<Meeting>, step = 1): Promise<number> {
  const { calls } = await story(Number.POSITIVE_INFINITY);
  for (let at = 0; at < calls; at += step) await story(at);
  return calls;
}
