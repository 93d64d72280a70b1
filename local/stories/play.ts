// Plays the steps of a story on a running system. A wait that is not fulfilled is told, and the story goes on.
import { setTimeout as sleep } from "node:timers/promises";
import { momentNow, type Tenant } from "./cast.ts";
import { doDeed } from "./deeds.ts";
import { membersOf } from "./evidence.ts";
import { type ForgedRecord, type ForgedStep, type Forger, isForged } from "./forger.ts";
import { give } from "./give.ts";
import { fillAll } from "./placeholders.ts";
import { approveGroup, freezeGroup, throwKillSwitch } from "./play-groups.ts";
import { decide, start } from "./play-people.ts";
import { keepSigningIn, signIn } from "./play-sign-ins.ts";
import { waitUntil } from "./play-waits.ts";
import { raiseRisk } from "./raise-risk.ts";
import type { Recorder } from "./recorder.ts";
import type { Story } from "./story.ts";
import { type Deed, type Doing, type Gift, isDeed, isGift, type Step } from "./story-steps.ts";
import type { System } from "./system.ts";
import type { Tell } from "./timeline.ts";
import { memberOf } from "./verdict.ts";

export interface Play {
  readonly story: Story;
  readonly tenant: Tenant;
  readonly system: System;
  readonly recorder: Recorder;
  readonly tell: Tell;
  /** null: the story forges nothing */
  readonly forger: Forger | null;
  /** which of the two risk records leaves first where the story says `either` */
  readonly order: "detection-first" | "risky-first";
  /** the end of the play, done or not */
  readonly signal: AbortSignal;
}

/** Rejects only for what the twin refuses, which is a mistake of the story. */
export async function playSteps(play: Play): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([play.signal, ended.signal]);
  try {
    for (const step of play.story.steps.flatMap((one) => ofEach(one, play.tenant))) {
      if (play.signal.aborted) return;
      await playStep({ ...play, signal }, step);
    }
  } finally {
    ended.abort();
    play.recorder.moments.set("end", momentNow(play.system.twin, play.tenant.cast));
  }
}

/** What is said of an identity with copies happens to each of them. */
function ofEach(step: Step, { cast }: Tenant): readonly Step[] {
  if (!("identity" in step) || step.identity === undefined) return [step];
  return membersOf(cast, step.identity).map(({ name }) => ({ ...step, identity: name }));
}

async function playStep(play: Play, step: Step): Promise<void> {
  const { recorder, system, tenant, signal } = play;
  if (isForged(step)) return forge(play, step);
  if (isGift(step)) return giveTo(play, step);
  if (isDeed(step)) return doTo(play, step);
  switch (step.do) {
    case "wait":
      return pause(step.seconds * 1000, signal);
    case "remember":
      recorder.moments.set(step.moment, momentNow(system.twin, tenant.cast));
      return;
    case "sign-in":
      signIn(play, memberOf(tenant, step.identity), step, null);
      return;
    case "keep-signing-in":
      return keepSigningIn(play, memberOf(tenant, step.identity), step);
    case "raise-risk":
      return raise(play, step);
    case "rotate-certificate":
      system.twin.rotateManagedIdentityCertificate(memberOf(tenant, step.identity).id);
      play.tell({ what: "entra", who: step.identity, text: "the platform renews its certificate" });
      return;
    case "send-record":
      return sendRecord(play, step);
    case "decide":
      return decide(play, step);
    case "start":
      return start(play, step);
    case "freeze-group":
      return freezeGroup(play, step);
    case "approve-group":
      return approveGroup(play, step);
    case "kill-switch":
      return throwKillSwitch(play, step);
    default:
      return waitUntil(play, step);
  }
}

function who(step: Gift | Deed): string {
  return step.by === step.identity ? "the thief, as the identity itself," : step.by;
}

/** Whoever else does it may have every right to. */
function whatOf({ by, identity }: Gift | Deed): "attack" | "happens" {
  return by === identity ? "attack" : "happens";
}

function giveTo({ tenant, tell }: Play, gift: Gift): void {
  const { foothold, told } = give(tenant, memberOf(tenant, gift.identity), gift);
  memberOf(tenant, gift.identity).labels.set(gift.label, foothold);
  tell({ what: whatOf(gift), who: gift.identity, text: `${who(gift)} ${told}` });
}

function doTo({ tenant, tell }: Play, deed: Deed): void {
  const told = doDeed(tenant, memberOf(tenant, deed.identity), deed);
  tell({ what: whatOf(deed), who: deed.identity, text: `${who(deed)} ${told}` });
}

function raise(play: Play, step: Doing<"raise-risk">): void {
  const { tenant, system, tell } = play;
  const member = memberOf(tenant, step.identity);
  const order = step.order === "either" ? play.order : step.order;
  system.twin.settings.riskOrder = order;
  const keyIds = step.secrets.flatMap((label) => member.labels.get(label)?.keyId ?? []);
  const told = raiseRisk(tenant, member, keyIds, step);
  tell({ what: "entra", who: member.name, text: `Entra raises ${told} (${order})` });
}

function forge(play: Play, step: ForgedStep): void {
  const records = play.forger?.forge(step, memberOf(play.tenant, step.identity)) ?? [];
  const text = `somebody sends ${records.length} forged records straight to the hubs: ${step.do}, which never happened`;
  play.tell({ what: "attack", who: step.identity, text });
  publish(play, records);
}

function sendRecord(play: Play, { hub, record, times }: Doing<"send-record">): void {
  const { twin } = play.system;
  const filling = { cast: play.tenant.cast, tenantId: twin.tenantId, subscriptionId: twin.subscriptionId };
  const records = Array.from({ length: times }, () => ({ hub, record: fillAll(record, filling) }));
  play.tell({ what: "attack", who: null, text: `somebody sends a record of their own to ${hub}, ${times} times` });
  publish(play, records);
}

function publish({ system, recorder }: Play, records: readonly ForgedRecord[]): void {
  for (const { hub, record } of records) {
    system.broker.enqueue(hub, { records: [record] });
    recorder.onRecord(hub, record);
  }
}

/** Ends early when the play does. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
