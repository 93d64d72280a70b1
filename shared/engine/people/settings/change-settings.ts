/** What people set at run time, changed as a whole: it can only tighten the policy file, and who loosens it again is an administrator. */
import { hasRole } from "../../../domain/caller.ts";
import { RetryableError, TerminalError } from "../../../domain/errors.ts";
import { settingsChain } from "../../../domain/ledger.ts";
import { Settings } from "../../../domain/settings.ts";
import { isoAt } from "../../../ports/clock.ts";
import { nextSerial } from "../../judge/high-water.ts";
import { loadSafety } from "../../judge/safety.ts";
import { type SettingsState, settingsIn, settingsRow } from "../../judge/settings-state.ts";
import { putDue } from "../../rows/due.ts";
import { historyMs } from "../../rows/expiry.ts";
import { Draft, type Partition } from "../../rows/partition.ts";
import type { TableServices } from "../find-plan.ts";
import {
  checkTightens,
  type Loosening,
  loosenings,
  merged,
  type SettingsWord,
  type WantedSettings,
} from "./settings-change.ts";
import { tellSettings } from "./tell-settings.ts";
import { wakeHeld } from "./wake-held.ts";

/** Losing this many races in a row means something is wrong. */
const maxRaces = 20;

export async function readSettings(services: TableServices): Promise<SettingsState> {
  return settingsIn(services, await loadSafety(services));
}

/**
 * `version`: what the caller has seen; null: whatever there is. Throws TerminalError: `version-changed` when it is another one
 * by now, `looser-than-policy`, `unknown-playbook`, `too-long`, `needs-admin`; what is refused for being looser is recorded, too.
 */
export async function changeSettings(
  services: TableServices,
  wanted: WantedSettings,
  word: SettingsWord,
  version: string | null,
): Promise<SettingsState> {
  for (let race = 0; race < maxRaces; race++) {
    const partition = await loadSafety(services);
    const before = await settingsIn(services, partition);
    if (version !== null && before.version !== version) throw changedMeanwhile();
    const refusal = refusalOf(services, before, wanted, word);
    if (refusal !== null) {
      if (await recordRefusal(services, partition, { before, wanted, word, refusal })) throw refusal;
      continue;
    }
    const after = merged(services, before.settings, wanted, word);
    if (before.trouble === null && JSON.stringify(after) === JSON.stringify(before.settings)) return before;
    const state = await write(services, partition, before, after, word);
    if (state !== null) return state;
  }
  throw new RetryableError("the settings kept changing", { code: "contention" });
}

function changedMeanwhile(): TerminalError {
  const message = "the settings are not those you have seen; read them again, and change what is there now";
  return new TerminalError(message, { code: "version-changed" });
}

/** Of what is looser than it may be; other mistakes of the caller are thrown. */
function refusalOf(
  services: TableServices,
  before: SettingsState,
  wanted: WantedSettings,
  { by, roles }: SettingsWord,
): TerminalError | null {
  const looser = checkTightens(services.policy, wanted);
  if (looser !== null) return new TerminalError(looser, { code: "looser-than-policy" });
  if (hasRole({ roles }, "Tourniquet.Admin")) return null;
  const loosened: readonly Loosening[] = loosenings(services, before, wanted);
  if (loosened.length === 0) return null;
  const message = `${by} may tighten, and this takes back: ${loosened.join("; ")}. That takes Tourniquet.Admin`;
  return new TerminalError(message, { code: "needs-admin" });
}

interface Refused {
  readonly before: SettingsState;
  readonly wanted: WantedSettings;
  readonly word: SettingsWord;
  readonly refusal: TerminalError;
}

/** False: the rows changed meanwhile, so that it may be refused for another reason, or not at all. */
async function recordRefusal(
  { clock, stores }: TableServices,
  partition: Partition,
  { before, wanted, word, refusal }: Refused,
): Promise<boolean> {
  const { by, reason } = word;
  const draft = new Draft(partition).record({
    chain: settingsChain,
    at: isoAt(clock.now()),
    event: "settings.refused",
    by,
    message: refusal.message,
    data: { code: refusal.code, reason, wanted, version: before.version },
  });
  return draft.commit(stores.identities);
}

/** Null: somebody else changed the rows. */
async function write(
  services: TableServices,
  partition: Partition,
  before: SettingsState,
  after: Settings,
  { by, reason }: SettingsWord,
): Promise<SettingsState | null> {
  const { clock, signer, stores } = services;
  const now = clock.now();
  const serial = await nextSerial(services, "settings");
  const payload = JSON.stringify(Settings.parse({ ...after, serial }));
  const draft = new Draft(partition);
  draft.put(settingsRow, { payload, signature: await signer.sign(payload) }, now + 10 * historyMs);
  const said = tellSettings(draft, services, before, after, { by, reason });
  draft.record({
    chain: settingsChain,
    at: isoAt(now),
    event: "settings.changed",
    by,
    message: `${said.join("; ")}; by ${by} at ${isoAt(now)}: ${reason}`,
    data: { serial, before: before.settings, trouble: before.trouble, after, reason },
  });
  const deliver = { kind: "deliver", identity: partition.key } as const;
  await putDue(services, deliver, now);
  if (!(await draft.commit(stores.identities))) return null;
  // what was due before the commit may have been delivered without these
  await putDue(services, deliver, now);
  await wakeHeld(services, before, after);
  return settingsIn(services, partition);
}
