/** All guardrails over one stage. One that throws refuses: each fails closed. */
import { describeError } from "../../domain/errors.ts";
import type { GuardrailSubject, Verdict } from "../../guardrails/guardrail.ts";
import { twoPeopleCases } from "../../guardrails/two-people.ts";
import { guardrails } from "../registry.ts";

export interface Judgement {
  readonly verdict: Verdict["verdict"];
  /** guardrail id and sentence, of every guardrail that did not pass; of those that refuse, where one does */
  readonly reasons: readonly string[];
  /** of a deferral: may a person decide it when it stays unknown? */
  readonly askable: boolean;
  /** some guardrail says that nothing may be written for now (mode, kill switch), whatever else is unknown or approved */
  readonly standsBy: boolean;
  /** so many different people must approve before their word counts */
  readonly people: 1 | 2;
  /** of a stage that only has to wait: epoch ms at which all of that is over */
  readonly until?: number;
}

/** A refusal outweighs a deferral, that a standing-by, that a question, and that what only has to wait: people may say that it need not. */
const weight: Record<Verdict["verdict"], number> = { pass: 0, wait: 1, ask: 2, observe: 3, defer: 4, refuse: 5 };

/** Pure but for the guardrails given, which are pure. */
export function judge(subject: GuardrailSubject): Judgement {
  const verdicts: readonly Said[] = [...guardrails.values()].map((guardrail) => ({
    id: guardrail.id,
    ...safely(guardrail, subject),
  }));
  const heaviest = verdicts.reduce((a, b) => (weight[b.verdict] > weight[a.verdict] ? b : a));
  // what would be asked is beside the point where nobody may
  const telling = heaviest.verdict === "refuse" ? verdicts.filter(({ verdict }) => verdict === "refuse") : verdicts;
  const reasons = telling.flatMap((said) => (said.verdict === "pass" ? [] : [`${said.id}: ${said.reason}`]));
  const askable = verdicts.every((verdict) => verdict.verdict !== "defer" || verdict.lastly === "ask");
  const standsBy = verdicts.some((verdict) => verdict.verdict === "observe");
  const waits = verdicts.flatMap((said) => (said.verdict === "wait" ? [said.until] : []));
  const until = waits.length === 0 ? {} : { until: Math.max(...waits) };
  return { verdict: heaviest.verdict, reasons, askable, standsBy, people: peopleFor(subject, verdicts), ...until };
}

type Said = Verdict & { readonly id: string };

function peopleFor(subject: GuardrailSubject, verdicts: readonly Said[]): 1 | 2 {
  if (verdicts.some((said) => said.verdict === "ask" && said.people === 2)) return 2;
  return twoPeopleCases(subject).length > 0 ? 2 : 1;
}

function safely(guardrail: { check(subject: GuardrailSubject): Verdict }, subject: GuardrailSubject): Verdict {
  try {
    return guardrail.check(subject);
  } catch (error) {
    return { verdict: "refuse", reason: `it could not be checked: ${describeError(error)}` };
  }
}
