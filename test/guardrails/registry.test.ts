/** Every guardrail is what its file and its export say, and fails closed. */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { judge } from "../../shared/engine/judge/judge.ts";
import { guardrails } from "../../shared/engine/registry.ts";
import type { Guardrail } from "../../shared/guardrails/guardrail.ts";
import * as exported from "../../shared/guardrails/index.ts";
import { eradicating, subjectOf } from "../support/guardrail-subject.ts";
import { expectFolderExported, kebab, oneSentence } from "../support/unit-contract.ts";

const named: readonly [string, Guardrail][] = Object.entries(exported);

test("every file of the folder is exported, and nothing else is", () => {
  expectFolderExported(
    readdirSync("shared/guardrails"),
    ["by-silence", "guardrail", "two-people"],
    named.map(([, { id }]) => id),
  );
});

test("what everything permits passes every one of them, so that the tests beside this start from a pass", () => {
  for (const subject of [subjectOf(), eradicating("all")]) {
    for (const guardrail of guardrails.values())
      expect([guardrail.id, guardrail.check(subject)]).toEqual([guardrail.id, { verdict: "pass" }]);
    expect(judge(subject)).toEqual({ verdict: "pass", reasons: [], askable: true, standsBy: false, people: 1 });
  }
});

describe.each(named)("%s", (name, guardrail) => {
  test("is named after its file, and says in one sentence what it keeps from happening", () => {
    expect(kebab(name)).toBe(guardrail.id);
    expect(guardrail.title).toMatch(oneSentence);
    expect(guardrail.title).toMatch(/^Keeps /);
  });
});
