// Somebody who may send to a hub claims what never happened. The lie is true in a second tenant that is built alike: with the
// same seed it has the same ids, so its records are what a well-informed attacker would write.

import type { TwinOptions } from "../tenant/options.ts";
import { createTenantTwin } from "../tenant/twin.ts";
import type { Hub, LogRecord } from "../tenant/types.ts";
import { castTenant, type Tenant } from "./cast.ts";
import { doDeed } from "./deeds.ts";
import type { Member } from "./evidence.ts";
import { give } from "./give.ts";
import { actorOf } from "./people.ts";
import { raiseRisk } from "./raise-risk.ts";
import type { Story } from "./story.ts";
import { type Deed, type Doing, type Gift, isDeed, isGift } from "./story-steps.ts";
import { takeAway } from "./take-away.ts";

export type ForgedStep = Gift | Deed | Doing<"raise-risk">;

export interface ForgedRecord {
  readonly hub: Hub;
  readonly record: LogRecord;
}

export interface Forger {
  /** The records that the step would leave behind, of each time it is done. */
  forge(step: ForgedStep, member: Member): readonly ForgedRecord[];
  stop(): Promise<void>;
}

export function isForged(step: Story["steps"][number]): step is ForgedStep & { readonly forged: true } {
  return "forged" in step && step.forged;
}

/** @param options those of the real twin: seed and licences */
export async function createForger(story: Story, options: TwinOptions): Promise<Forger> {
  let records: ForgedRecord[] = [];
  const onRecord = (hub: Hub, record: LogRecord): void => void records.push({ hub, record });
  const twin = await createTenantTwin({ ...options, logDelayMs: {}, onRecord });
  const tenant = castTenant(twin, story);
  return {
    forge(step, member) {
      records = [];
      const shadow = tenant.cast.get(step.identity) ?? member;
      const all = Array.from({ length: step.times }, () => once(tenant, shadow, member, step, () => records));
      return all.flat();
    },
    stop: () => twin.stop(),
  };
}

function once(
  tenant: Tenant,
  shadow: Member,
  real: Member,
  step: ForgedStep,
  seen: () => readonly ForgedRecord[],
): readonly ForgedRecord[] {
  const before = seen().length;
  const keyIds = step.do === "raise-risk" ? step.secrets.flatMap((label) => real.labels.get(label)?.keyId ?? []) : [];
  if (step.do === "raise-risk") raiseRisk(tenant, shadow, keyIds, step);
  else if (isDeed(step)) doDeed(tenant, shadow, step);
  if (!isGift(step)) return seen().slice(before);
  const given = give(tenant, shadow, step).foothold;
  const told = seen().slice(before);
  takeAway(tenant, tenant.twin.as(actorOf(tenant.cast, step.by)), shadow, step.label, given);
  const claimed = real.labels.get(step.label)?.keyId;
  return claimed && given.keyId ? told.map((one) => about(one, given.keyId ?? "", claimed)) : told;
}

/** A label that is there already: the record claims that it was added just now. */
function about({ hub, record }: ForgedRecord, keyId: string, claimed: string): ForgedRecord {
  return { hub, record: JSON.parse(JSON.stringify(record).replaceAll(keyId, claimed)) };
}
