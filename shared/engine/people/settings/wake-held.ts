/** What waited or stood by only because of a setting is looked at again once that is taken back. */

import { StageName } from "../../../domain/plan.ts";
import type { Settings } from "../../../domain/settings.ts";
import type { SettingsState } from "../../judge/settings-state.ts";
import { putDue } from "../../rows/due.ts";
import { StageRow } from "../../rows/rows.ts";
import type { TableServices } from "../find-plan.ts";

/** A listing over every stage: settings are loosened seldom. The switch needs none, since what it holds looks every minute. */
export async function wakeHeld(
  { clock, stores }: TableServices,
  { settings: before }: SettingsState,
  after: Settings,
): Promise<void> {
  const isLoosened = Object.keys(before.modes).some((id) => after.modes[id]?.mode !== before.modes[id]?.mode);
  if (!isLoosened) return;
  for await (const { identity, row } of stores.identities.list("stage|")) {
    const [, planId = "", name] = row.key.split("|");
    const stage = StageName.safeParse(name);
    const state = StageRow.safeParse(row.value);
    const isHeld = state.data?.reasons.some((reason) => reason.startsWith("mode-override:")) === true;
    const isOpen = state.data?.status === "waiting" || state.data?.status === "observed";
    if (!stage.success || !isHeld || !isOpen) continue;
    await putDue({ stores }, { kind: "stage", identity, planId, stage: stage.data, verifies: false }, clock.now());
  }
}
