/** What an action asks for, to the end: some reads are known only when others are answered (each subscription's assignments). */
import type { z } from "zod";
import type { Action, Snapshot } from "../../actions/action.ts";
import type { Services } from "../../ports/services.ts";
import type { ApiAnswer, ApiFailure, ApiRequest } from "../../ports/tenant.ts";
import { askAll, bodiesOf, distinct, type Facts, snapshotOf } from "./read-facts.ts";
import { type ReadKey, readKey } from "./read-key.ts";

/** What is to be read, by what is known so far. */
export type Asks = (snapshot: Snapshot) => readonly ApiRequest[];

/** More rounds than any action needs: one that always names something new is a bug, and unknown is no write. */
const mostRounds = 6;

const endless: ApiFailure = {
  ok: false,
  status: 0,
  code: "endless-reads",
  message: "new reads are named for ever",
  retryable: false,
  retryAfterMs: null,
  requestId: null,
  maybeDone: false,
};

export interface ReadOn {
  /** the facts with all that was answered */
  readonly facts: Facts;
  /** what has no answer, so that nothing may be done on this; empty when everything is known */
  readonly failures: readonly { readonly request: ApiRequest; readonly answer: ApiAnswer }[];
}

/** Asks until nothing new is named. What the facts hold already, and what failed, is not asked again. */
export async function readOn(services: Services, known: Facts, asks: readonly Asks[]): Promise<ReadOn> {
  let facts = known;
  const failed = new Map<ReadKey, ReadOn["failures"][number]>();
  for (let round = 0; ; round++) {
    const snapshot = snapshotOf(facts);
    const wanted = distinct(asks.flatMap((ask) => ask(snapshot)));
    const missing = wanted.filter((one) => !facts.bodies.has(readKey(one)) && !failed.has(readKey(one)));
    if (missing.length === 0) return { facts, failures: [...failed.values()] };
    if (round === mostRounds) {
      const unasked = missing.map((request) => ({ request, answer: endless }));
      return { facts, failures: [...failed.values(), ...unasked] };
    }
    const answers = await askAll(services, missing);
    facts = { ...facts, bodies: new Map([...facts.bodies, ...bodiesOf(answers)]) };
    for (const [request, answer] of answers) {
      if (!facts.bodies.has(readKey(request))) failed.set(readKey(request), { request, answer });
    }
  }
}

/** The reads of an action, and of what follows from them. */
export function readsOf(action: Action, parameters: z.output<z.ZodType>): Asks {
  return (snapshot) => {
    const first = action.reads(parameters, snapshot);
    const isKnown = first.every((request) => snapshot.body(request) !== undefined);
    return isKnown ? [...first, ...(action.readsNext?.(parameters, snapshot) ?? [])] : first;
  };
}

/** Is all that is asked known? */
export function isAnswered(asks: Asks, snapshot: Snapshot): boolean {
  return asks(snapshot).every((request) => snapshot.body(request) !== undefined);
}
