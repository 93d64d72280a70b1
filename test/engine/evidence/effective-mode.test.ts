/** The effective mode is the strictest of policy, stage and the most permissive finding: the law of the minimum. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { atLeast, type Ceiling, Ceiling as Ceilings, Mode } from "../../../shared/domain/mode.ts";
import { effectiveMode } from "../../../shared/guardrails/approval-needed.ts";
import { policy, weighed } from "../../support/guardrail-subject.ts";

const mode = fc.constantFrom(...Mode.options);
const ceilings = fc.array(fc.constantFrom(...Ceilings.options), { maxLength: 4 });

const effective = (policyMode: Mode, contain: Mode, found: readonly Ceiling[]) =>
  effectiveMode({
    playbook: "contain-compromised-identity",
    stage: "contain",
    policy: { ...policy, mode: policyMode, stages: { ...policy.stages, contain } },
    findings: found.map((one) => weighed({ mode: one })),
  });

test("never beyond the policy, the stage, or what any finding permits; and never short of all three", () => {
  fc.assert(
    fc.property(mode, mode, ceilings, (policyMode, contain, found) => {
      const reached = effective(policyMode, contain, found);
      const bounds: readonly Ceiling[] = [
        policyMode,
        contain,
        Ceilings.options.findLast((one) => found.includes(one)) ?? "notify",
      ];
      for (const bound of bounds) expect(atLeast(bound, reached)).toBe(true);
      expect(bounds).toContain(reached);
    }),
  );
});

test("another finding never holds an incident back", () => {
  fc.assert(
    fc.property(mode, mode, ceilings, fc.constantFrom(...Ceilings.options), (policyMode, contain, found, more) => {
      expect(atLeast(effective(policyMode, contain, [...found, more]), effective(policyMode, contain, found))).toBe(
        true,
      );
    }),
  );
});

test("without a finding nothing is even observed", () => {
  expect(effective("enforce", "enforce", [])).toBe("notify");
});
