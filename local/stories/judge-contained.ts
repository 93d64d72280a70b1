// Judges the word "contained": whether it stood on what the twin's journal shows by then.
import { disablingWrite, type Evidence, isPrincipalItself, type Member } from "./evidence.ts";
import { isAbout, type Notice, says } from "./notice.ts";
import type { Finding } from "./verdict.ts";

const CONTAINED = "identity.contained";
/** Entra's error for a disabled application; the rule takes no other. */
const DISABLED = 7000112;
const APART_MS = 60_000;

/** Two agreeing reads at least 60 s apart, or one and a refused sign-in, all of them later than our write. */
export function containedByRule(evidence: Evidence, member: Member): Finding {
  const expected = `"contained" is said of ${member.name}, after two reads 60 s apart or one and a refused sign-in`;
  const said = evidence.notices.filter((notice) => isAbout(notice, member) && says(notice, CONTAINED, undefined));
  if (said.length === 0) return { met: false, expected, actual: "it was never said" };
  const reasons = said.map((notice) => groundsOf(notice, evidence, member));
  const met = reasons.every(({ enough }) => enough);
  return { met, expected, actual: `said ${reasons.map(({ text }) => text).join(", ")}` };
}

function groundsOf(notice: Notice, evidence: Evidence, member: Member) {
  const write = disablingWrite(evidence, member);
  if (write === undefined) return { enough: false, text: "without a disable" };
  const isBetween = ({ at }: { readonly at: number }): boolean => at > write.at && at <= notice.at;
  const reads = evidence.requests
    .filter(({ method, status, by }) => method === "GET" && status === 200 && by === evidence.runtimeId)
    .filter((request) => isPrincipalItself(member, request.path) && isBetween(request));
  const refusals = evidence.signIns
    .filter(({ identity, errorCode }) => identity === member.name && errorCode === DISABLED)
    .filter(isBetween);
  const apartMs = (reads.at(-1)?.at ?? 0) - (reads.at(0)?.at ?? 0);
  const enough = apartMs >= APART_MS || (reads.length > 0 && refusals.length > 0);
  return {
    enough,
    text: `after ${reads.length} reads over ${Math.round(apartMs / 1000)} s and ${refusals.length} refused sign-ins`,
  };
}
