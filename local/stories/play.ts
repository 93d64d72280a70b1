// Plays the steps of a story on a running system. A wait that is not fulfilled is told, and the story goes on.
import { setTimeout as sleep } from "node:timers/promises";
import { actorOf, momentNow, stateOf } from "./cast.ts";
import { type Cast, disablingWrite, type Member } from "./evidence.ts";
import { isAbout, says } from "./notice.ts";
import { decideAsPerson } from "./person.ts";
import type { Recorder } from "./recorder.ts";
import type { Step, Story } from "./story.ts";
import type { System } from "./system.ts";
import type { Tell } from "./timeline.ts";
import { memberOf } from "./verdict.ts";

export interface Play {
  readonly story: Story;
  readonly cast: Cast;
  readonly system: System;
  readonly recorder: Recorder;
  readonly tell: Tell;
  /** which of the two risk records leaves first where the story says `either` */
  readonly order: "detection-first" | "risky-first";
  /** the end of the play, done or not */
  readonly signal: AbortSignal;
}

type Doing<Do extends Step["do"]> = Step & { readonly do: Do };

const LOOK_EVERY_MS = 50;

/** Rejects only for what the twin refuses, which is a mistake of the story. */
export async function playSteps(play: Play): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([play.signal, ended.signal]);
  try {
    for (const step of play.story.steps) {
      if (play.signal.aborted) return;
      await playStep({ ...play, signal }, step);
    }
  } finally {
    ended.abort();
    play.recorder.moments.set("end", momentNow(play.system.twin, play.cast));
  }
}

async function playStep(play: Play, step: Step): Promise<void> {
  const { recorder, system, cast, signal } = play;
  if (step.do === "wait") return pause(step.seconds * 1000, signal);
  if (step.do === "remember") return void recorder.moments.set(step.moment, momentNow(system.twin, cast));
  const member = memberOf({ cast }, step.identity);
  switch (step.do) {
    case "sign-in":
      return signIn(play, member, step.secret, null);
    case "keep-signing-in":
      return keepSigningIn(play, member, step);
    case "add-secret":
      return addSecret(play, member, step);
    case "set-enabled":
      return setEnabled(play, member, step);
    case "raise-risk":
      return raiseRisk(play, member, step);
    case "decide":
      return decide(play, member, step);
    default:
      return waitUntil(play, member, step);
  }
}

/** @param before the code of the last answer, if this is one of a series: only what changed is told */
function signIn({ system, recorder, tell }: Play, member: Member, label: string, before: number | null): void {
  const known = member.secrets.get(label);
  if (known === undefined) throw new Error(`${member.name} has no secret "${label}" yet.`);
  const answer = system.twin.requestToken({ appId: member.appId, secret: known.secret });
  recorder.signIns.push({ identity: member.name, secret: label, at: Date.now(), errorCode: answer.errorCode });
  if (answer.errorCode === before) return;
  const outcome = answer.ok ? "gets a token" : `is refused: ${answer.message}`;
  tell({ what: "attack", who: member.name, text: `the thief signs in with the secret "${label}" and ${outcome}` });
}

function keepSigningIn(play: Play, member: Member, step: Doing<"keep-signing-in">): void {
  const text = `the thief keeps signing in with the secret "${step.secret}", every ${step.everySeconds} s`;
  play.tell({ what: "attack", who: member.name, text });
  const again = (): void =>
    signIn(play, member, step.secret, play.recorder.signIns.findLast(isSame)?.errorCode ?? null);
  const isSame = (one: { identity: string; secret: string }): boolean =>
    one.identity === member.name && one.secret === step.secret;
  again();
  const timer = setInterval(again, step.everySeconds * 1000);
  play.signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

function addSecret({ system, cast, tell }: Play, member: Member, { label, by }: Doing<"add-secret">): void {
  const { applicationId } = member;
  const on =
    applicationId === null
      ? ({ object: "servicePrincipal", id: member.id } as const)
      : ({ object: "application", id: applicationId } as const);
  const added = system.twin.as(actorOf(cast, by)).addPassword(on, label);
  member.secrets.set(label, added);
  const text = `${by === member.name ? "the thief, as the application itself," : by} adds the secret "${label}" (${added.keyId})`;
  tell({ what: "attack", who: member.name, text });
}

function setEnabled({ system, cast, tell }: Play, member: Member, { enabled, by }: Doing<"set-enabled">): void {
  system.twin.as(actorOf(cast, by)).setAccountEnabled(member.id, enabled);
  tell({ what: "attack", who: member.name, text: `${by} ${enabled ? "enables" : "disables"} it` });
}

function raiseRisk(play: Play, member: Member, step: Doing<"raise-risk">): void {
  const { twin } = play.system;
  const order = step.order === "either" ? play.order : step.order;
  twin.settings.riskOrder = order;
  const keyIds = step.secrets.flatMap((label) => member.secrets.get(label)?.keyId ?? []);
  twin.raiseRisk({ servicePrincipalId: member.id, riskEventType: step.type, riskLevel: step.level, keyIds });
  const named = keyIds.length === 0 ? "" : `, names key ${keyIds.join(", ")}`;
  play.tell({ what: "entra", who: member.name, text: `Entra raises ${step.type}, ${step.level}${named} (${order})` });
}

async function decide(play: Play, member: Member, step: Doing<"decide">): Promise<void> {
  const { recorder, system, tell } = play;
  const { decision, stage, as, reason } = step;
  const event = decision === "revert" ? "stage.finished" : "stage.awaiting-approval";
  const asked = recorder.notices.findLast((notice) => isAbout(notice, member) && says(notice, event, stage));
  const who = member.name;
  if (!asked?.planId)
    return tell({ what: "person", who, text: `${as} finds nothing to ${decision}: no ${event} of ${stage}` });
  tell({
    what: "person",
    who,
    text: `${as} decides: ${decision} ${stage} of plan ${asked.planId}, because "${reason}"`,
  });
  const at = Date.now();
  const answer = await decideAsPerson({ decision, planId: asked.planId, stage, as, reason }, system.env);
  if (answer.ok) recorder.decisions.push({ identity: who, decision: `${as}: ${decision} ${stage}`, at });
  tell({ what: answer.ok ? "person" : "trouble", who, text: `tq: ${answer.said}` });
}

type Wait = Doing<"wait-until-disabled" | "wait-until-refused" | "wait-until-gone" | "wait-until-said">;

async function waitUntil(play: Play, member: Member, step: Wait): Promise<void> {
  const until = Date.now() + step.atMostSeconds * 1000;
  while (!isFulfilled(play, member, step)) {
    if (play.signal.aborted) return;
    if (Date.now() >= until) {
      const { do: _do, identity: _identity, atMostSeconds, ...about } = step;
      const text = `not within ${atMostSeconds} s: ${step.do.slice("wait-until-".length)} ${JSON.stringify(about)}`;
      return play.tell({ what: "trouble", who: member.name, text });
    }
    await pause(LOOK_EVERY_MS, play.signal);
  }
}

function isFulfilled({ system, recorder }: Play, member: Member, step: Wait): boolean {
  const { twin } = system;
  if (step.do === "wait-until-disabled") return stateOf(twin, member).enabled === false;
  if (step.do === "wait-until-said") {
    return recorder.notices.some((notice) => isAbout(notice, member) && says(notice, step.event, step.stage));
  }
  if (step.do === "wait-until-gone") {
    const there = stateOf(twin, member).secretKeyIds;
    return step.secrets.every((label) => !there.includes(member.secrets.get(label)?.keyId ?? ""));
  }
  const off = disablingWrite(twin.state, member);
  const later = recorder.signIns.filter(({ identity, at }) => identity === member.name && off && at > off.at);
  return later.some(({ errorCode }) => errorCode !== 0);
}

/** Ends early when the play does. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
