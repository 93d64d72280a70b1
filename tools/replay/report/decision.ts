/** What would have become of one stage of one plan. */

/** `unknown`: which playbook is right hangs on the kind of identity, which only the tenant can tell. */
export const verdicts = ["run", "ask", "report", "refused", "unknown"] as const;
export type Verdict = (typeof verdicts)[number];

export interface Decision {
  /** `YYYY-MM-DD`, UTC */
  readonly day: string;
  readonly playbook: string;
  /** `contain`, `eradicate`; `-` where no plan was made */
  readonly stage: string;
  readonly verdict: Verdict;
  /** the guardrail's id and sentence, of each that did not pass */
  readonly reasons: readonly string[];
  /** guardrails whose answer hangs on what only the tenant can tell */
  readonly needsTenant: readonly string[];
}
