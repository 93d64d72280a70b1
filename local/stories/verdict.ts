// What comes of a demand, and how a demand finds its identity.
import type { Evidence, Member } from "./evidence.ts";
import type { Demand } from "./story.ts";

export interface Verdict {
  readonly demand: Demand;
  readonly met: boolean;
  /** one sentence */
  readonly expected: string;
  readonly actual: string;
}

export type Finding = Omit<Verdict, "demand">;

/** @throws Error for a name that reading the story would have refused */
export function memberOf({ cast }: Pick<Evidence, "cast">, name: string): Member {
  const member = cast.get(name);
  if (member === undefined) throw new Error(`There is no identity "${name}" in this story.`);
  return member;
}
