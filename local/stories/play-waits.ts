// Waits of a story: until something is so at the twin, or the app said it. Not in time: told, and the story goes on.
import { setTimeout as sleep } from "node:timers/promises";
import type { Tenant } from "./cast.ts";
import { disablingWrite } from "./evidence.ts";
import { stateOf } from "./footholds.ts";
import { isAbout, says } from "./notice.ts";
import type { Recorder } from "./recorder.ts";
import type { Doing } from "./story-steps.ts";
import type { System } from "./system.ts";
import type { Tell } from "./timeline.ts";
import { memberOf } from "./verdict.ts";

export interface Waiting {
  readonly tenant: Tenant;
  readonly system: System;
  readonly recorder: Recorder;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

export type Wait = Doing<
  | "wait-until-disabled"
  | "wait-until-enabled"
  | "wait-until-refused"
  | "wait-until-gone"
  | "wait-until-back"
  | "wait-until-said"
>;

const LOOK_EVERY_MS = 50;

export async function waitUntil(waiting: Waiting, step: Wait): Promise<void> {
  const until = Date.now() + step.atMostSeconds * 1000;
  while (!isFulfilled(waiting, step)) {
    if (waiting.signal.aborted) return;
    if (Date.now() >= until) {
      const { do: _do, identity, atMostSeconds, ...about } = step;
      const text = `not within ${atMostSeconds} s: ${step.do.slice("wait-until-".length)} ${JSON.stringify(about)}`;
      waiting.tell({ what: "trouble", who: identity ?? null, text });
      return;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: waiting.signal }).catch((error: unknown) => {
      if (!waiting.signal.aborted) throw error;
    });
  }
}

function isFulfilled({ tenant, recorder }: Waiting, step: Wait): boolean {
  if (step.do === "wait-until-said") return isSaid(tenant, recorder, step);
  const member = memberOf(tenant, step.identity);
  const state = stateOf(tenant.twin, member);
  switch (step.do) {
    case "wait-until-disabled":
      return state.enabled === false;
    case "wait-until-enabled":
      return state.enabled === true;
    case "wait-until-refused": {
      const off = disablingWrite(tenant.twin.state, member);
      const later = recorder.signIns.filter(({ identity, at }) => identity === member.name && off && at > off.at);
      return later.some(({ errorCode }) => errorCode !== 0);
    }
    default: {
      const keys = step.labels.flatMap((label) => member.labels.get(label)?.keys ?? []);
      const isThere = (key: string): boolean => state.footholds.has(key);
      return step.do === "wait-until-gone" ? !keys.some(isThere) : keys.every(isThere);
    }
  }
}

function isSaid({ cast }: Tenant, recorder: Recorder, step: Doing<"wait-until-said">): boolean {
  const member = step.identity === undefined ? null : memberOf({ cast }, step.identity);
  const since = step.after === undefined ? 0 : (recorder.moments.get(step.after)?.at ?? Number.POSITIVE_INFINITY);
  return recorder.notices.some(
    (notice) =>
      (member === null || isAbout(notice, member)) &&
      says(notice, step.event, step.stage) &&
      (step.playbook === undefined || notice.data.playbook === step.playbook) &&
      notice.at >= since,
  );
}
