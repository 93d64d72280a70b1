// Judges what the app sent: that it disabled in time, that it left alone what it must, and how many changes it made.
import type { WriteEntry } from "../tenant/journal.ts";
import { concerns, disablingWrite, type Evidence, type Member } from "./evidence.ts";
import { fill } from "./placeholders.ts";
import type { Demanding } from "./story-demands.ts";
import { type Finding, inWords, isEnough, memberOf, notSoFar } from "./verdict.ts";

export function judgeWrites(
  demand: Demanding<"disabled" | "untouched" | "nothing-written" | "writes">,
  evidence: Evidence,
): Finding {
  const ours = evidence.writes.filter((write) => write.ours);
  switch (demand.that) {
    case "disabled":
      return disabled(demand, evidence, memberOf(evidence, demand.identity));
    case "untouched": {
      const member = memberOf(evidence, demand.identity);
      return none(
        `the app sends no change of ${member.name}`,
        ours.filter((write) => concerns(member, write)),
      );
    }
    case "nothing-written":
      return none("the app sends no change at all", ours);
    case "writes":
      return counted(demand, evidence, ours);
  }
}

function none(expected: string, writes: readonly WriteEntry[]): Finding {
  return {
    met: writes.length === 0,
    expected,
    actual: writes.length === 0 ? "no change was sent" : `it sent ${listed(writes)}`,
  };
}

const MOST_LISTED = 6;

function listed(writes: readonly WriteEntry[]): string {
  const told = writes.slice(0, MOST_LISTED).map(({ method, path, status }) => `${method} ${path} (${status})`);
  return [...told, ...(writes.length > MOST_LISTED ? [`and ${writes.length - MOST_LISTED} more`] : [])].join(", ");
}

function counted(demand: Demanding<"writes">, evidence: Evidence, ours: readonly WriteEntry[]): Finding {
  const { identity, method, path, effective, after, before } = demand;
  const since = timeOf(after, 0, evidence);
  const until = timeOf(before, Number.POSITIVE_INFINITY, evidence);
  const member = identity === undefined ? null : memberOf(evidence, identity);
  const part = path === undefined ? null : fill(path, evidence).toLowerCase();
  const found = ours.filter(
    (write) =>
      (member === null || concerns(member, write)) &&
      (method === undefined || write.method === method) &&
      (part === null || write.path.toLowerCase().includes(part)) &&
      (effective === undefined || write.effective === effective) &&
      write.at >= (since ?? 0) &&
      write.at <= (until ?? 0),
  );
  const what = [
    ...[method, path, member === null ? undefined : `of ${member.name}`].filter((one) => one !== undefined),
    ...(after === undefined ? [] : [`after "${after}"`]),
    ...(before === undefined ? [] : [`before "${before}"`]),
  ];
  const expected = `${inWords(demand)} changes by the app${what.length === 0 ? "" : `: ${what.join(" ")}`}`;
  if (since === null || until === null) return { met: false, expected, actual: notSoFar };
  const actual = found.length === 0 ? "none" : `${found.length}: ${listed(found)}`;
  return { met: isEnough(found.length, demand), expected, actual };
}

/** Null: the story did not come to that moment. */
function timeOf(moment: string | undefined, otherwise: number, { moments }: Evidence): number | null {
  return moment === undefined ? otherwise : (moments.get(moment)?.at ?? null);
}

/** What the seconds count from; null: nothing to count from. */
function startOf({ after }: Demanding<"disabled">, evidence: Evidence, member: Member): number | null {
  if (after !== undefined) return evidence.moments.get(after)?.at ?? null;
  return evidence.riskRecords.find(({ identity }) => identity === member.name)?.at ?? null;
}

function wish({ withinSeconds, withoutPerson, after }: Demanding<"disabled">, { name }: Member): string {
  const from = after === undefined ? "its risk record" : `"${after}"`;
  const within = withinSeconds === undefined ? "" : ` within ${withinSeconds} s of ${from}`;
  return `${name} is disabled${within}${withoutPerson ? ", without a person" : ""}`;
}

function disabled(demand: Demanding<"disabled">, evidence: Evidence, member: Member): Finding {
  const { withinSeconds, withoutPerson, after } = demand;
  const expected = wish(demand, member);
  const start = startOf(demand, evidence, member);
  if (start === null && withinSeconds !== undefined)
    return { met: false, expected, actual: after === undefined ? "no risk record was sent" : notSoFar };
  const write = disablingWrite(evidence, member);
  if (write === undefined) return { met: false, expected, actual: "the app never disabled it" };
  const seconds = (write.at - (start ?? write.at)) / 1000;
  const person = evidence.decisions.find(({ identity, at }) => identity === member.name && at <= write.at);
  const isOff = evidence.moments.get("end")?.states.get(member.name)?.enabled === false;
  const actual = [
    start === null ? "disabled" : `disabled after ${seconds.toFixed(1)} s`,
    ...(person === undefined ? [] : [`after a person had decided (${person.decision})`]),
    ...(isOff ? [] : ["but not disabled at the end"]),
  ].join(", ");
  const inTime = withinSeconds === undefined || (seconds >= 0 && seconds <= withinSeconds);
  return { met: inTime && (!withoutPerson || person === undefined) && isOff, expected, actual };
}
