/** A table of cases for one guardrail: what it is asked, and what it says. */
import { describe, expect, test } from "vitest";
import type { Guardrail, GuardrailSubject, Verdict } from "../../shared/guardrails/guardrail.ts";

export type Case = readonly [title: string, subject: GuardrailSubject, verdict: Verdict["verdict"], reason?: RegExp];

export function check(guardrail: Guardrail, cases: readonly Case[]): void {
  describe(guardrail.id, () => {
    for (const [title, subject, verdict, reason] of cases) {
      test(title, () => {
        const found = guardrail.check(subject);
        expect(found.verdict).toBe(verdict);
        if (reason !== undefined) expect(found).toHaveProperty("reason", expect.stringMatching(reason));
      });
    }
  });
}
