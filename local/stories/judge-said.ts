// Judges what the app said: whether it did, what its reports hold, and how its steps ended.
import type { Evidence, Member } from "./evidence.ts";
import { containedByRule } from "./judge-contained.ts";
import { isAbout, type Notice, says } from "./notice.ts";
import { fill } from "./placeholders.ts";
import type { SaidDemand, Saying } from "./story-demands.ts";
import { type Finding, inWords, isEnough, memberOf, notSoFar } from "./verdict.ts";

export function judgeSaid(demand: SaidDemand, evidence: Evidence): Finding {
  switch (demand.that) {
    case "contained-by-rule":
      return containedByRule(evidence, memberOf(evidence, demand.identity));
    case "outcome":
      return outcome(demand, evidence, memberOf(evidence, demand.identity));
    case "report-lists":
      return reportLists(demand, evidence, memberOf(evidence, demand.identity));
    default:
      return saidOrNot(demand, evidence);
  }
}

function saidOrNot(demand: Saying<"said" | "not-said">, evidence: Evidence): Finding {
  const { event, stage, after, before, where, urgency } = demand;
  const member = demand.identity === undefined ? null : memberOf(evidence, demand.identity);
  const what = wordsOf(demand, member);
  const isSaid = demand.that === "said";
  const often = isSaid && inWords(demand) !== "at least 1" ? ` (${inWords(demand)} times)` : "";
  const expected = `the app ${isSaid ? "says" : "never says"} ${what}${often}`;
  const until = evidence.moments.get(before)?.at;
  const since = after === undefined ? 0 : evidence.moments.get(after)?.at;
  if (until === undefined || since === undefined) return { met: false, expected, actual: notSoFar };
  const count = evidence.notices.filter(
    (notice) =>
      (member === null || isAbout(notice, member)) &&
      says(notice, event, stage) &&
      notice.at <= until &&
      notice.at >= since &&
      (urgency === undefined || notice.urgency === urgency) &&
      Object.entries(where).every(([path, value]) => holds(notice, path, value, evidence)),
  ).length;
  const actual = count === 0 ? "it did not" : `it did, ${count === 1 ? "once" : `${count} times`}`;
  return { met: isSaid ? isEnough(count, demand) : count === 0, expected, actual };
}

function wordsOf(demand: Saying<"said" | "not-said">, member: Member | null): string {
  const { event, stage, after, before, where, urgency } = demand;
  return [
    stage === undefined ? event : `${event} of ${stage}`,
    ...(member === null ? [] : [`of ${member.name}`]),
    ...(urgency === undefined ? [] : [`as a ${urgency}`]),
    ...Object.entries(where).map(([path, value]) => `with ${path} ${JSON.stringify(value)}`),
    ...(after === undefined ? [] : [`after "${after}"`]),
    ...(before === "end" ? [] : [`before "${before}"`]),
  ].join(" ");
}

/** Is the field that, or a list that holds it; a list on the way stands for each of its members. */
function holds(notice: Notice, path: string, wanted: unknown, evidence: Evidence): boolean {
  const value = typeof wanted === "string" ? fill(wanted, evidence) : wanted;
  const found = path.split(".").reduce<unknown[]>((all, key) => all.flatMap((one) => below(one, key)), [notice.data]);
  return found.some((one) => one === value || (Array.isArray(one) && one.includes(value)));
}

function below(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => below(one, key));
  if (typeof value !== "object" || value === null || !(key in value)) return [];
  return [(value as Record<string, unknown>)[key]];
}

interface Ended {
  readonly action?: unknown;
  readonly outcome?: { readonly status?: unknown; readonly reason?: unknown } | null;
}

function outcome({ action, status }: Saying<"outcome">, evidence: Evidence, member: Member): Finding {
  const expected = `${action} of ${member.name} ends as ${status}`;
  const steps = evidence.notices
    .filter((notice) => isAbout(notice, member) && /^stage\.|^plan\./.test(notice.event))
    .flatMap(({ data }) => (Array.isArray(data.steps) ? (data.steps as Ended[]) : []))
    .filter((step) => step.action === action);
  const seen = [...new Set(steps.map((step) => String(step.outcome?.status ?? "none")))];
  const actual = seen.length === 0 ? "no such step was told of" : seen.join(", then ");
  return { met: seen.includes(status), expected, actual };
}

function reportLists(demand: Saying<"report-lists">, evidence: Evidence, member: Member): Finding {
  const { event, stage, texts } = demand;
  const wanted = texts.map((text) => fill(text, evidence));
  const expected = `${event} of ${member.name} lists ${wanted.map((text) => `"${text}"`).join(", ")}`;
  const last = evidence.notices.findLast((notice) => isAbout(notice, member) && says(notice, event, stage));
  if (last === undefined) return { met: false, expected, actual: "it was never said" };
  const told = `${last.message}\n${JSON.stringify(last.data)}`.toLowerCase();
  const missing = wanted.filter((text) => !told.includes(text.toLowerCase()));
  const actual = missing.length === 0 ? "all of it" : `not ${missing.map((text) => `"${text}"`).join(", ")}`;
  return { met: missing.length === 0, expected, actual };
}
