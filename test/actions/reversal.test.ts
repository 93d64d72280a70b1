/** Laws of the way back: apply then revert gives the same directory, but for what the action says that never returns. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action, Snapshot } from "../../shared/actions/action.ts";
import * as exported from "../../shared/actions/index.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import type { ApiRequest } from "../../shared/ports/tenant.ts";
import { type Directory, sent, snapshotOf } from "./directory.ts";
import { situationsOf } from "./situations.ts";

const actions: readonly Action[] = Object.values({ ...exported });
const reversible = actions.filter(({ revert }) => revert !== undefined);

describe.each(reversible.map((action) => [action.id, action] as const))("%s", (_id, action) => {
  const kinds = fc.constantFrom(...IdentityKind.options.filter((kind) => action.appliesTo(kind)));

  interface Run {
    readonly kind: IdentityKind;
    readonly held: Directory;
    readonly receipt: unknown;
    readonly requests: readonly ApiRequest[];
    readonly lost: readonly string[];
  }

  /** Those situations in which there is something to do. */
  const holds = (law: (run: Run) => void) => {
    const runs = fc.tuple(situationsOf(action), kinds).map(([{ held, parameters }, kind]): Run | null => {
      const snapshot = snapshotOf(held, kind);
      if (action.isInPlace(parameters, snapshot)) return null;
      const receipt = action.receipt.parse(JSON.parse(JSON.stringify(action.keep(parameters, snapshot))));
      const requests = action.requests(parameters, snapshot);
      return { kind, held, receipt, requests, lost: action.lost?.(receipt) ?? [] };
    });
    fc.assert(
      fc.property(runs, (run) => (run === null ? undefined : law(run))),
      { numRuns: 80 },
    );
  };

  /** What would be sent to take it back, decided on nothing but what was asked to be read. */
  const back = ({ kind, receipt }: Run, held: Directory): readonly ApiRequest[] => {
    const all = snapshotOf(held, kind);
    const reads = action.revertReads?.(receipt, all);
    const known = new Set(reads?.map(({ path }) => path));
    const asked: Snapshot = {
      ...all,
      body: (read) => {
        if (reads !== undefined && !known.has(read.path)) throw new Error(`not asked for: ${read.path}`);
        return all.body(read);
      },
    };
    const reversal = action.revert?.(receipt, asked) ?? { conflict: "there is no way back" };
    if ("conflict" in reversal) throw new Error(reversal.conflict);
    return reversal.requests;
  };

  test("comes back as it was, minus what it declares lost", () => {
    holds((run) => {
      const { held, requests, lost } = run;
      const applied = sent(held, requests);
      const restored = sent(applied, back(run, applied));
      expect(without(lost, restored)).toEqual(without(lost, held));
    });
  });

  test("comes back from half a run, and what was never done is left alone", () => {
    holds((run) => {
      const { held, requests, lost } = run;
      expect(back(run, held)).toEqual([]);
      const half = sent(held, requests.slice(0, 1));
      expect(without(lost, sent(half, back(run, half)))).toEqual(without(lost, held));
    });
  });

  test("sends nothing the second time, and goes on after half a reversal", () => {
    holds((run) => {
      const { held, requests, lost } = run;
      const applied = sent(held, requests);
      const half = sent(applied, back(run, applied).slice(0, 1));
      const restored = sent(half, back(run, half));
      expect(without(lost, restored)).toEqual(without(lost, held));
      expect(back(run, restored)).toEqual([]);
    });
  });
});

/** In no order; an id that is declared lost and the one that came in its place are the same. */
function without(lost: readonly string[], { created: _, ...held }: Directory): unknown {
  const isAccessLost = lost.some((phrase) => phrase.startsWith("the ids and dates of"));
  const isLost = (id: unknown) =>
    typeof id === "string" &&
    (id.startsWith("99999999-") ||
      lost.some((phrase) => phrase.endsWith(` ${id}`)) ||
      (isAccessLost && /^(assignment|grant)-/.test(id)));
  const member = ([name, value]: readonly [string, unknown]): string => {
    if (name === "id" && isLost(value)) return "another id";
    const list = Array.isArray(value) ? value.map((one) => JSON.stringify(one)).toSorted() : value;
    return `${name} ${JSON.stringify(list)}`;
  };
  const plain = (item: object) => Object.entries(item).map(member).toSorted().join();
  // what we made and took away again is declared to stay in the bin
  const deletedItems = held.deletedItems.filter(({ id }) => !String(id).startsWith("99999999-"));
  return Object.entries({ ...held, deletedItems }).map(([name, items]) => [name, items.map(plain).toSorted()]);
}
