// What comes of a demand, and how a demand finds its identity.
import type { Cast, Evidence, IdentityState, Member } from "./evidence.ts";
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
export function memberOf({ cast }: { readonly cast: Cast }, name: string): Member {
  const member = cast.get(name);
  if (member === undefined) throw new Error(`There is no identity "${name}" in this story.`);
  return member;
}

export function stateAt(evidence: Evidence, moment: string, member: Member): IdentityState | undefined {
  return evidence.moments.get(moment)?.states.get(member.name);
}

export function when(moment: string): string {
  return moment === "end" ? "at the end" : `at "${moment}"`;
}

export const notSoFar = "the story did not come that far";

/** How often something must be; nothing said: at least once. */
export interface Wanted {
  readonly exactly?: number | undefined;
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

export function isEnough(count: number, { exactly, atLeast, atMost }: Wanted): boolean {
  if (exactly !== undefined) return count === exactly;
  const least = atLeast ?? (atMost === undefined ? 1 : 0);
  return count >= least && count <= (atMost ?? Number.POSITIVE_INFINITY);
}

export function inWords({ exactly, atLeast, atMost }: Wanted): string {
  if (exactly !== undefined) return `exactly ${exactly}`;
  const parts = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ];
  return parts.join(" and ") || "at least 1";
}
