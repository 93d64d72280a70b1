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
const cases = actions
  .filter(({ revert }) => revert !== undefined)
  .flatMap((action) =>
    IdentityKind.options.filter((kind) => action.appliesTo(kind)).map((kind) => [action.id, kind, action] as const),
  );

describe.each(cases)("%s on %s", (_id, kind, action) => {
  interface Run {
    readonly held: Directory;
    readonly receipt: unknown;
    readonly requests: readonly ApiRequest[];
    readonly lost: readonly string[];
  }

  /** Those situations in which there is something to do. */
  const holds = (law: (run: Run) => void) => {
    const runs = situationsOf(action).map(({ held, parameters }): Run | null => {
      const snapshot = snapshotOf(held, kind);
      if (action.isInPlace(parameters, snapshot)) return null;
      const receipt = action.receipt.parse(JSON.parse(JSON.stringify(action.keep(parameters, snapshot))));
      const requests = action.requests(parameters, snapshot);
      return { held, receipt, requests, lost: action.lost?.(receipt) ?? [] };
    });
    fc.assert(
      fc.property(runs, (run) => run === null || law(run) === undefined),
      { numRuns: 40 },
    );
  };

  /** What would be sent to take it back, decided on nothing but what was asked to be read. */
  const back = (held: Directory, receipt: unknown): readonly ApiRequest[] => {
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
    holds(({ held, receipt, requests, lost }) => {
      const applied = sent(held, requests);
      const restored = sent(applied, back(applied, receipt));
      expect(without(lost, restored)).toEqual(without(lost, held));
    });
  });

  test("comes back from half a run, and what was never done is left alone", () => {
    holds(({ held, receipt, requests, lost }) => {
      expect(back(held, receipt)).toEqual([]);
      const half = sent(held, requests.slice(0, 1));
      expect(without(lost, sent(half, back(half, receipt)))).toEqual(without(lost, held));
    });
  });

  test("sends nothing the second time, and goes on after half a reversal", () => {
    holds(({ held, receipt, requests, lost }) => {
      const applied = sent(held, requests);
      const half = sent(applied, back(applied, receipt).slice(0, 1));
      const restored = sent(half, back(half, receipt));
      expect(without(lost, restored)).toEqual(without(lost, held));
      expect(back(restored, receipt)).toEqual([]);
    });
  });
});

/** In no order; an id that is declared lost and the one that came in its place are the same. */
function without(lost: readonly string[], { created: _, ...held }: Directory): unknown {
  const isLost = (id: unknown) =>
    typeof id === "string" && (id.startsWith("99999999-") || lost.some((phrase) => phrase.endsWith(` ${id}`)));
  const member = ([name, value]: readonly [string, unknown]): string => {
    if (name === "id" && isLost(value)) return "another id";
    const list = Array.isArray(value) ? value.map((one) => JSON.stringify(one)).toSorted() : value;
    return `${name} ${JSON.stringify(list)}`;
  };
  const plain = (item: object) => Object.entries(item).map(member).toSorted().join();
  return Object.entries(held).map(([name, items]) => [name, items.map(plain).toSorted()]);
}
