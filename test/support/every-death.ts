/** Every death of a play: it is played once, and from each moment at which the process may die another one takes over. */
import { type Act, type CrashPoint, type CrashRun, playFrom, type Task } from "./harness-crash.ts";
import { startProcess, type World } from "./harness-world.ts";
import { type Moment, momentOf } from "./rewind.ts";

interface Death {
  /** `after identities.commit (call 17)` */
  readonly where: string;
  readonly moment: Moment;
  readonly task: Task;
}

export interface Deaths extends CrashRun {
  readonly world: World;
  readonly acts: readonly Act[];
  readonly deaths: readonly Death[];
}

/** Is this a point at which the process is to die? `at`: index of the port call; `act`: index of the act. */
export type IsPoint = (call: string, when: CrashPoint["when"], at: number, act: number) => boolean;

/** Plays the acts with nobody dying, and notes what the world was at each point. The world is left as that play leaves it. */
export async function playNotingDeaths(world: World, acts: readonly Act[], isPoint: IsPoint): Promise<Deaths> {
  const [calls, begins, deaths]: [string[], number[], Death[]] = [[], [], []];
  let task: Task = { act: 0, step: "ingest" };
  const note = (name: string, when: CrashPoint["when"]) => {
    const at = calls.length - 1;
    if (!isPoint(name, when, at, task.act)) return;
    const moment = momentOf(world, deaths.at(-1)?.moment ?? null);
    deaths.push({ where: `${when} ${name} (call ${at})`, moment, task });
  };
  const process = startProcess(world, "first", {
    beforeCall(name) {
      calls.push(name);
      note(name, "before");
    },
    afterCall: (name) => note(name, "after"),
  });
  const perform: Parameters<typeof playFrom>[3] = (work, begun) => {
    task = begun;
    return work(process);
  };
  await playFrom(world, acts, null, perform, () => begins.push(calls.length));
  return { world, acts, calls, begins, deaths };
}

/**
 * After every death: another process does the unfinished task again and what comes after it, and then `proves` is called with where
 * the first died. Deaths between which nothing was written leave the same to take over, and are played once.
 * @returns how many there are, and how many of them leave something of their own
 */
export async function afterEveryDeath(
  { world, acts, deaths }: Deaths,
  proves: (where: string) => void | Promise<void>,
): Promise<{ readonly points: number; readonly played: number }> {
  let played = 0;
  // the last first: what the acts remember of a play is then never of a later act than the one that is done again
  for (const [i, { where, moment, task }] of [...deaths.entries()].toReversed()) {
    const before = deaths[i - 1];
    if (before?.moment === moment && before.task === task) continue;
    moment.restore();
    const process = startProcess(world, "second");
    await playFrom(world, acts, task, (work) => work(process));
    await proves(where);
    played += 1;
  }
  return { points: deaths.length, played };
}
