/** The settings document as it lies in the tenant's safety partition. Whoever alters the row stops us, never frees us. */

import { hashId } from "../../domain/ids.ts";
import { activeSwitch, noSettings, Settings } from "../../domain/settings.ts";
import type { StoppedBy } from "../../guardrails/guardrail.ts";
import type { Services } from "../../ports/services.ts";
import type { Partition } from "../rows/partition.ts";
import { SignedRow } from "../rows/rows.ts";
import { type Found, notGoneBack } from "./high-water.ts";

export const settingsRow = "settings";

export interface SettingsState {
  /** of a document that does not hold: as if nothing were set */
  readonly settings: Settings;
  /** names what lies there, for whoever wants to change just that */
  readonly version: string;
  /** why the document does not hold; null: it does, or there is none */
  readonly trouble: string | null;
}

export async function settingsIn(
  services: Pick<Services, "clock" | "signer" | "policy" | "stores">,
  partition: Partition,
): Promise<SettingsState> {
  const look = (rows: Partition) => documentIn(services, rows);
  const { state, wentBack } = await notGoneBack(services, partition, "settings", look);
  const { found: _, ...known } = state;
  if (!wentBack) return known;
  const trouble = "the settings are gone, or an earlier document was put back in their place";
  return { ...known, settings: noSettings(services.policy.tenantId), trouble };
}

interface Document extends SettingsState {
  /** null: it does not hold */
  readonly found: Found | null;
}

async function documentIn(
  { clock, signer, policy }: Pick<Services, "clock" | "signer" | "policy">,
  partition: Partition,
): Promise<Document> {
  const nothing = { settings: noSettings(policy.tenantId), found: null };
  const stored = partition.rows.get(settingsRow);
  if (stored === undefined) {
    return { ...nothing, version: hashId(settingsRow), trouble: null, found: { serial: 0, payload: "" } };
  }
  const row = SignedRow.safeParse(stored.value);
  if (!row.success) {
    return { ...nothing, version: hashId(settingsRow, stored.etag), trouble: "the settings cannot be read" };
  }
  const { payload, signature } = row.data;
  const version = hashId(settingsRow, payload, signature);
  if (!(await signer.verify(payload, signature))) {
    const trouble = "the settings were altered after they were signed, or signed by another key";
    return { ...nothing, version, trouble };
  }
  const settings = settingsFrom(payload);
  if (settings === null) return { ...nothing, version, trouble: "the settings cannot be read" };
  if (settings.tenantId !== policy.tenantId) {
    return { ...nothing, version, trouble: "the settings are another tenant's" };
  }
  // what one reads changes when the switch falls off by itself
  const isOn = activeSwitch(settings, policy.killSwitch.maxHours, clock.now()) !== null;
  return {
    settings,
    version: hashId(version, String(isOn)),
    trouble: null,
    found: { serial: settings.serial, payload },
  };
}

/** Null: what we signed is no settings document, so somebody passed another row of ours off as one. */
function settingsFrom(payload: string): Settings | null {
  try {
    return Settings.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}

/** Null: nobody stops us. */
export function stoppedBy(
  { settings, trouble }: SettingsState,
  { policy, clock }: Pick<Services, "policy" | "clock">,
): StoppedBy | null {
  if (trouble !== null) return { reason: `${trouble}: that counts as on until an administrator sets them anew` };
  const active = activeSwitch(settings, policy.killSwitch.maxHours, clock.now());
  return active === null ? null : { reason: `${active.by} at ${active.at}, until ${active.until}: ${active.reason}` };
}
