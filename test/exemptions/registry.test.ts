/** Every exemption is what its file and its export say, behaves as its examples do, and is documented. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { dayMs } from "../../shared/domain/day.ts";
import { RetirePolicy } from "../../shared/domain/retire-policy.ts";
import { UseReason } from "../../shared/domain/use.ts";
import { judgeUse } from "../../shared/engine/unused/decide/judge-use.ts";
import type { Exemption } from "../../shared/exemptions/exemption.ts";
import * as exported from "../../shared/exemptions/index.ts";
import { expectFolderExported, kebab, oneSentence } from "../support/unit-contract.ts";
import { reportedAt, useFacts } from "../support/use-facts.ts";

const named: readonly [string, Exemption][] = Object.entries(exported);
const policy = RetirePolicy.parse({ exemptTags: ["team:payroll"] });

test("every file of the folder is exported, and nothing else is", () => {
  expectFolderExported(
    readdirSync("shared/exemptions"),
    ["exemption"],
    named.map(([, { id }]) => id),
  );
});

test("what the examples start from is exempt by none, and unused", () => {
  for (const [, exemption] of named)
    expect([exemption.id, exemption.check(useFacts(), policy)]).toEqual([exemption.id, null]);
  expect(judgeUse(useFacts(), policy).state).toBe("unused");
});

describe.each(named)("%s", (name, exemption) => {
  test("is named after its file, says in one sentence whom it leaves alone, and is documented", () => {
    expect(kebab(name)).toBe(exemption.id);
    expect(exemption.title).toMatch(oneSentence);
    expect(exemption.title).toMatch(/^Leaves /);
    expect(readFileSync("docs/unused.md", "utf8")).toContain(`| \`${exemption.id}\` | ${exemption.title} |`);
  });

  test("exempts what its examples say, in a sentence, and the verdict names it", () => {
    expect(exemption.examples.exempt.length).toBeGreaterThan(0);
    for (const example of exemption.examples.exempt) {
      const facts = useFacts(example);
      const found = exemption.check(facts, policy);
      expect(UseReason.parse({ code: exemption.id, ...found }).words).toMatch(oneSentence);
      const verdict = judgeUse(facts, policy);
      expect(verdict.state).toBe("exempt");
      expect(verdict.reasons.map(({ code }) => code)).toContain(exemption.id);
    }
  });

  test("lets pass what its examples say", () => {
    expect(exemption.examples.not.length).toBeGreaterThan(0);
    for (const example of exemption.examples.not) expect(exemption.check(useFacts(example), policy)).toBeNull();
  });

  test("does not depend on when it was used", () => {
    for (const example of [...exemption.examples.exempt, ...exemption.examples.not]) {
      const facts = useFacts(example);
      const used = { ...facts, reported: reportedAt(facts.now - dayMs) };
      expect(exemption.check(used, policy)).toEqual(exemption.check(facts, policy));
    }
  });
});
