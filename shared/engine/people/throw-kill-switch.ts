/** The kill switch as a person throws it: signed, for some hours, and said to everybody. */
import { KillSwitch } from "../../domain/approval.ts";
import { TerminalError } from "../../domain/errors.ts";
import type { IdentityRef } from "../../domain/identity.ts";
import { isoAt } from "../../ports/clock.ts";
import { killSwitchName } from "../judge/kill-switch-state.ts";
import { loadSafety } from "../judge/safety.ts";
import { putDue } from "../rows/due.ts";
import { tell } from "../rows/notices.ts";
import { Draft } from "../rows/partition.ts";
import type { PersonsWord, TableServices } from "./decide-by-person.ts";

type Word = Pick<PersonsWord, "by" | "reason">;

/** Throws TerminalError when the policy does not let a switch last so long. In force everywhere within 30 s. */
export async function switchOn(services: TableServices, hours: number, word: Word): Promise<KillSwitch> {
  const { clock, policy, signer, stores } = services;
  const { maxHours } = policy.killSwitch;
  if (!(hours > 0 && hours <= maxHours)) {
    const message = `--hours ${hours}: the switch may be on for more than 0 and up to ${maxHours} hours (killSwitch.maxHours); throw it again when that is over`;
    throw new TerminalError(message, { code: "too-long" });
  }
  const now = clock.now();
  const { tenantId } = policy;
  const value: KillSwitch = { tenantId, ...word, at: isoAt(now), until: isoAt(now + hours * 3600_000) };
  const payload = JSON.stringify(KillSwitch.parse(value));
  await stores.settings.put(tenantId, killSwitchName, { payload, signature: await signer.sign(payload) });
  await say(services, "kill-switch.on", `The kill switch is on until ${value.until}, by ${word.by}: ${word.reason}`);
  return value;
}

/** What it held goes on within a minute. */
export async function switchOff(services: TableServices, word: Word): Promise<void> {
  await services.stores.settings.remove(services.policy.tenantId, killSwitchName);
  await say(services, "kill-switch.off", `The kill switch is off, by ${word.by}: ${word.reason}`);
}

/** A stolen switch must shout. Lost only when somebody else writes the same row at the same moment, who says something too. */
async function say(services: TableServices, event: string, message: string): Promise<void> {
  const now = services.clock.now();
  const { tenantId } = services.policy;
  const partition = await loadSafety(services);
  const identity: IdentityRef = { tenantId, appId: null, servicePrincipalId: null, applicationObjectId: null };
  const draft = new Draft(partition);
  tell(draft, { event, about: [isoAt(now)], severity: "high", urgency: "page", identity, message }, now);
  await putDue(services, { kind: "deliver", identity: partition.key }, now);
  await draft.commit(services.stores.identities);
}
