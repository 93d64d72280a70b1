import { describe, expect, test } from "vitest";
import type { Policy } from "../../../shared/domain/policy.ts";
import { judge } from "../../../shared/engine/judge/judge.ts";
import { facts, policy, subjectOf, weighed } from "../../support/guardrail-subject.ts";

const killSwitch = { reason: "alice at noon" };
const notYet = [weighed({ borneOut: null })];

describe("the heaviest answer counts", () => {
  test.each([
    ["a refusal before a wait", { self: null, findings: [weighed({ remediated: true })] }, "refuse"],
    ["a wait before standing by", { killSwitch, findings: notYet }, "defer"],
    ["standing by before a question", { killSwitch, findings: [weighed({ borneOut: false })] }, "observe"],
    ["a question before nothing", { findings: [weighed({ borneOut: false })] }, "ask"],
  ] as const)("%s", (_, change, verdict) => {
    expect(judge(subjectOf(change)).verdict).toBe(verdict);
  });

  test("and every guardrail that did not pass says why, under its id", () => {
    const { reasons } = judge(subjectOf({ killSwitch, findings: [weighed({ borneOut: false })] }));
    expect(reasons).toEqual([
      expect.stringMatching(/^kill-switch: .*alice/),
      expect.stringMatching(/^not-borne-out: /),
    ]);
  });
});

describe("a person may decide what stays unknown", () => {
  test("where every wait ends in a question", () => {
    expect(judge(subjectOf({ findings: notYet }))).toMatchObject({ verdict: "defer", askable: true, standsBy: false });
  });

  test("not where one of them ends in a refusal", () => {
    expect(judge(subjectOf({ findings: notYet, self: null }))).toMatchObject({ verdict: "defer", askable: false });
  });

  test("and not while something stands by, so that an approval does not pass the kill switch", () => {
    expect(judge(subjectOf({ findings: notYet, killSwitch }))).toMatchObject({ verdict: "defer", standsBy: true });
    const observing: Policy = { ...policy, mode: "observe" };
    expect(judge(subjectOf({ findings: notYet, policy: observing }))).toMatchObject({ standsBy: true });
  });
});

test("a guardrail that throws refuses, and names its mistake", () => {
  const broken = { ...facts() };
  Object.defineProperty(broken, "delegatedGrants", {
    get() {
      throw new TypeError("not a number");
    },
  });
  const { verdict, reasons } = judge(subjectOf({ facts: broken }));
  expect(verdict).toBe("refuse");
  expect(reasons).toEqual(["depended-on: it could not be checked: TypeError: not a number"]);
});
