// Thieves, and workloads at their work, ask Entra for tokens.
import type { Tenant } from "./cast.ts";
import type { Member } from "./evidence.ts";
import type { Recorder } from "./recorder.ts";
import type { Doing } from "./story-steps.ts";
import type { System } from "./system.ts";
import type { Tell } from "./timeline.ts";
import { memberOf } from "./verdict.ts";

type Asking = Doing<"sign-in" | "keep-signing-in">;
interface Signing {
  readonly tenant: Tenant;
  readonly system: System;
  readonly recorder: Recorder;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** @param before the code of the last answer, if this is one of a series: only what changed is told */
export function signIn(
  { tenant, system, recorder, tell }: Signing,
  member: Member,
  step: Asking,
  before: number | null,
): void {
  const label = step.with ?? null;
  const answer = system.twin.requestToken({
    appId: member.appId,
    resource: step.resource,
    ...placeOf(step),
    ...credentialOf(step.of === undefined ? member : memberOf(tenant, step.of), label),
  });
  recorder.signIns.push({ identity: member.name, with: label, at: Date.now(), errorCode: answer.errorCode });
  if (answer.errorCode === before) return;
  const outcome = answer.ok ? "gets a token" : `is refused: ${answer.message}`;
  const how = label === null ? "as the managed identity" : `with "${label}"`;
  const to = step.resource === "https://graph.microsoft.com" ? "" : ` to ${step.resource}`;
  const from = step.from === undefined ? "" : ` from ${step.from.ip}`;
  tell({ what: "happens", who: member.name, text: `somebody signs in ${how}${from}${to} and ${outcome}` });
}

function placeOf({ from }: Asking) {
  if (from === undefined) return {};
  const { ip, asn, country } = from;
  return { ip, ...(asn === undefined ? {} : { asn }), ...(country === undefined ? {} : { country }) };
}

function credentialOf(member: Member, label: string | null) {
  if (label === null) return { managedIdentity: true };
  const known = member.labels.get(label);
  if (known === undefined) throw new Error(`${member.name} has nothing called "${label}" yet.`);
  if (known.trust !== null) return { assertion: known.trust };
  return known.secret === null ? { keyId: known.keyId ?? "" } : { secret: known.secret };
}

export function keepSigningIn(play: Signing, member: Member, step: Doing<"keep-signing-in">): void {
  const how = step.with === undefined ? "as the managed identity" : `with "${step.with}"`;
  const text = `somebody keeps signing in ${how}, every ${step.everySeconds} s`;
  play.tell({ what: "happens", who: member.name, text });
  const isSame = (one: { readonly identity: string; readonly with: string | null }): boolean =>
    one.identity === member.name && one.with === (step.with ?? null);
  const again = (): void => signIn(play, member, step, play.recorder.signIns.findLast(isSame)?.errorCode ?? null);
  again();
  const timer = setInterval(again, step.everySeconds * 1000);
  play.signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
