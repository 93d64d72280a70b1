/** Crashes at any port call: the process stops there, does nothing more, and another one takes over what it left. */

import type { Delivery } from "../../shared/engine/ingest/read-batch.ts";
import { settle } from "./harness.ts";
import { deliveryOf, type Process, startProcess, type World } from "./harness-world.ts";
import type { CallHooks } from "./store-hooks.ts";

export interface CrashPoint {
  /** index of the port call, over all calls of the first process */
  readonly at: number;
  /** `before`: it had no effect; `after`: it had, and nobody heard of it */
  readonly when: "before" | "after";
}

export interface CrashRun {
  /** names of the port calls of the process that was to crash */
  readonly calls: readonly string[];
  /** index of the first call of each act */
  readonly begins: readonly number[];
}

class CrashError extends Error {
  override readonly name = "CrashError";
}

/** The port calls of one process, and its death. A dead process is left hanging where it is, as a killed one is. */
class Mortal {
  readonly calls: string[] = [];
  dead = false;
  #die: (error: CrashError) => void = () => undefined;
  readonly #death: Promise<never>;
  readonly #point: CrashPoint | null;

  constructor(point: CrashPoint | null) {
    this.#point = point;
    this.#death = new Promise((_, reject) => {
      this.#die = reject;
    });
    this.#death.catch(() => undefined);
  }

  get hooks(): CallHooks {
    return {
      beforeCall: (name) => {
        if (this.dead) return hangForEver();
        const index = this.calls.push(name) - 1;
        if (this.#point?.when === "before" && this.#point.at === index) return this.#kill();
      },
      afterCall: () => {
        if (this.dead) return hangForEver();
        if (this.#point?.when === "after" && this.#point.at === this.calls.length - 1) return this.#kill();
      },
    };
  }

  /** True when the work was done before the process died. */
  async does(work: () => Promise<unknown>): Promise<boolean> {
    if (this.dead) return false;
    try {
      await Promise.race([work(), this.#death]);
      return true;
    } catch (error) {
      if (error instanceof CrashError) return false;
      throw error;
    }
  }

  #kill(): Promise<never> {
    this.dead = true;
    this.#die(new CrashError(`killed at ${this.calls.at(-1)}`));
    return hangForEver();
  }
}

function hangForEver(): Promise<never> {
  return new Promise(() => undefined);
}

/** One thing that happens to the app, and what people do meanwhile. */
export interface Act {
  /** to be delivered again when the process died before it was done with them */
  readonly records?: readonly unknown[];
  readonly people?: () => Promise<unknown>;
  /** what a timer of the app does; done again when the process died before it was done with it */
  readonly timer?: (process: Process) => Promise<unknown>;
  /** ms of time that pass, with everything that becomes due */
  readonly lasts: number;
}

/** One piece of work of a process within an act; whoever takes over does it again. */
export interface Task {
  readonly act: number;
  readonly step: "ingest" | "timer" | "settle";
  /** of `ingest` */
  readonly delivery?: Delivery;
  /** of `settle`, epoch ms */
  readonly until?: number;
}

export type Perform = (work: (process: Process) => Promise<unknown>, task: Task) => Promise<unknown>;

/** Plays the acts from their beginning, or from the task on: that is done again, and what came before it is not. */
export async function playFrom(
  world: World,
  acts: readonly Act[],
  from: Task | null,
  perform: Perform,
  begins: (act: number) => void = () => undefined,
): Promise<void> {
  for (const [n, act] of acts.entries()) {
    if (n < (from?.act ?? 0)) continue;
    begins(n);
    await playAct(world, act, from?.act === n ? from : null, (work, task) => perform(work, { ...task, act: n }));
  }
}

async function playAct(
  world: World,
  { people, records, timer, lasts }: Act,
  from: Task | null,
  perform: (work: (process: Process) => Promise<unknown>, task: Omit<Task, "act">) => Promise<unknown>,
): Promise<void> {
  if (from === null) await people?.();
  if (records !== undefined && (from === null || from.step === "ingest")) {
    const delivery = from?.delivery ?? deliveryOf(world, records);
    await perform((one) => one.ingest([delivery]), { step: "ingest", delivery });
  }
  if (timer !== undefined && from?.step !== "settle") await perform(timer, { step: "timer" });
  const until = from?.until ?? world.clock.now() + lasts;
  await perform((one) => settle(world, one, until), { step: "settle", until });
}

/**
 * Plays the acts with one process that dies at the point, and then with another that starts anew. Wake-ups that the dead one had
 * taken are lost with it.
 */
export async function play(world: World, acts: readonly Act[], point: CrashPoint | null): Promise<CrashRun> {
  const mortal = new Mortal(point);
  let process: Process = startProcess(world, "first", mortal.hooks);
  const orRestart = async (work: (process: Process) => Promise<unknown>) => {
    const wasDead = mortal.dead;
    if (!wasDead && (await mortal.does(() => work(process)))) return;
    if (!wasDead) process = startProcess(world, "second");
    await work(process);
  };
  const begins: number[] = [];
  await playFrom(world, acts, null, orRestart, () => begins.push(mortal.calls.length));
  return { calls: mortal.calls, begins };
}
