// Judges who got a token, and who was refused one.
import { disablingWrite, type Evidence, type Member } from "./evidence.ts";
import type { Demanding } from "./story-demands.ts";
import { type Finding, notSoFar } from "./verdict.ts";

type TokenDemand = Demanding<"refused" | "served">;

export function judgeTokens(demand: TokenDemand, evidence: Evidence, member: Member): Finding {
  const how = demand.with === undefined ? "" : ` with "${demand.with}"`;
  const since =
    demand.after === undefined ? (demand.that === "refused" ? " after the disable" : "") : ` after "${demand.after}"`;
  const expected =
    demand.that === "refused"
      ? `the next token request of ${member.name}${how}${since} is refused with ${demand.errorCode}, none later gets one`
      : `the last token request of ${member.name}${how}${since} gets a token`;
  const from = begin(demand, evidence, member);
  if (typeof from === "string") return { met: false, expected, actual: from };
  const later = evidence.signIns.filter(
    ({ identity, at, with: label }) =>
      identity === member.name && at > from && (demand.with === undefined || label === demand.with),
  );
  if (later.length === 0) return { met: false, expected, actual: "nobody asked for a token" };
  const codes = later.map((signIn) => signIn.errorCode);
  const list = [...new Set(codes)].map((code) => (code === 0 ? "a token" : code)).join(", then ");
  const met = demand.that === "refused" ? codes[0] === demand.errorCode && !codes.includes(0) : codes.at(-1) === 0;
  return { met, expected, actual: `${later.length} asked and got ${list}` };
}

/** Epoch ms, or why there is no beginning. */
function begin({ that, after }: TokenDemand, evidence: Evidence, member: Member): number | string {
  if (after !== undefined) return evidence.moments.get(after)?.at ?? notSoFar;
  if (that === "served") return 0;
  return disablingWrite(evidence, member)?.at ?? "the app never disabled it";
}
