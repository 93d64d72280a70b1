/** The settings document as people write it through the API, and as somebody who may edit the tables would. */
import { Settings } from "../../shared/domain/settings.ts";
import { loadSafety } from "../../shared/engine/judge/safety.ts";
import { settingsRow } from "../../shared/engine/judge/settings-state.ts";
import { changeSettings } from "../../shared/engine/people/settings/change-settings.ts";
import type { WantedSettings } from "../../shared/engine/people/settings/settings-change.ts";
import { Draft } from "../../shared/engine/rows/partition.ts";
import type { Signer } from "../../shared/ports/signer.ts";
import type { Harness } from "./harness.ts";
import { iso, tenantId } from "./harness-cast.ts";
import { hour } from "./harness-world.ts";

const admin = { by: "ada", reason: "drill", roles: ["Tourniquet.Admin"] } as const;

/** As an administrator, whatever there was. */
export async function setSettings(harness: Harness, wanted: Partial<WantedSettings>): Promise<void> {
  await changeSettings(harness.tables, { killSwitch: null, modes: {}, ...wanted }, admin, null);
}

/** A document put into the tables by hand; without a change it is a switch of an hour. */
export async function putSettings(
  harness: Harness,
  change: Partial<Settings> = {},
  signer: Signer = harness.world.signer,
): Promise<void> {
  const now = harness.clock.now();
  const killSwitch = { by: "ada", reason: "drill", at: iso(now), until: iso(now + hour) };
  const payload = JSON.stringify(Settings.parse({ tenantId, killSwitch, modes: {}, ...change }));
  const { stores } = harness.tables;
  const draft = new Draft(await loadSafety(harness.tables));
  draft.put(settingsRow, { payload, signature: await signer.sign(payload) }, now + 1_000 * hour);
  if (!(await draft.commit(stores.identities))) throw new Error("the settings could not be put");
}
