// Judges what a story demands of an identity with copies: of each of them, or how many of them.
import { type Evidence, membersOf } from "./evidence.ts";
import type { Demanding } from "./story-demands.ts";
import { type Finding, inWords, isEnough, notSoFar, stateAt, when } from "./verdict.ts";

export function isCrowd({ cast }: Evidence, name: string | undefined): name is string {
  return name !== undefined && !cast.has(name) && membersOf(cast, name).length > 0;
}

const MOST_TOLD = 3;

/** Met by all; of those that do not meet it the first few are told. */
export function ofEach({ cast }: Evidence, crowd: string, judgeOne: (name: string) => Finding): Finding {
  const findings = membersOf(cast, crowd).map(({ name }) => ({ name, ...judgeOne(name) }));
  const unmet = findings.filter(({ met }) => !met);
  const [first] = findings;
  const expected = `of each ${crowd}: ${(first?.expected ?? "").replaceAll(first?.name ?? "", "it")}`;
  const told = unmet.slice(0, MOST_TOLD).map(({ name, actual }) => `${name}: ${actual}`);
  const more = unmet.length > MOST_TOLD ? [`and ${unmet.length - MOST_TOLD} more`] : [];
  const actual = unmet.length === 0 ? `so it is with all ${findings.length}` : [...told, ...more].join("; ");
  return { met: unmet.length === 0, expected, actual };
}

export function howManyOff(demand: Demanding<"how-many-off">, evidence: Evidence): Finding {
  const { identity, at } = demand;
  const members = membersOf(evidence.cast, identity);
  const expected = `${inWords(demand)} of the ${members.length} ${identity} are off ${when(at)}`;
  if (!evidence.moments.has(at)) return { met: false, expected, actual: notSoFar };
  const off = members.filter((member) => stateAt(evidence, at, member)?.enabled === false).length;
  return { met: isEnough(off, demand), expected, actual: `${off} are` };
}
