/** What changed in the settings, said to everybody at once: a stolen switch must shout. */
import { nobodyIn } from "../../../domain/identity.ts";
import { hashId } from "../../../domain/ids.ts";
import type { Settings } from "../../../domain/settings.ts";
import type { Services } from "../../../ports/services.ts";
import type { SettingsState } from "../../judge/settings-state.ts";
import { tell } from "../../rows/notices.ts";
import type { Draft } from "../../rows/partition.ts";

interface Change {
  readonly event: string;
  readonly message: string;
}

/** Adds a page for each kind of change; answers what they say. */
export function tellSettings(
  draft: Draft,
  { clock, policy }: Pick<Services, "clock" | "policy">,
  before: SettingsState,
  after: Settings,
  { by, reason }: { readonly by: string; readonly reason: string },
): readonly string[] {
  const changes = changesOf(before, after);
  const now = clock.now();
  for (const { event, message } of changes) {
    tell(
      draft,
      {
        event,
        by,
        about: [hashId(before.version, JSON.stringify(after))],
        severity: "high",
        urgency: "page",
        identity: nobodyIn(policy.tenantId),
        message: `${message}, by ${by}: ${reason}`,
        data: { by, reason, killSwitch: after.killSwitch, modes: after.modes },
      },
      now,
    );
  }
  return changes.map(({ message }) => message);
}

function changesOf({ settings, trouble }: SettingsState, after: Settings): readonly Change[] {
  const modes = modeChanges(settings, after);
  const all: readonly (Change | null)[] = [
    trouble === null ? null : { event: "settings.restored", message: `The settings were set anew, since ${trouble}` },
    switchChange(settings, after),
    modes.length === 0 ? null : { event: "mode.changed", message: `Modes were changed: ${modes.join(", ")}` },
  ];
  return all.filter((change) => change !== null);
}

function switchChange({ killSwitch: before }: Settings, { killSwitch: after }: Settings): Change | null {
  if (before?.until === after?.until) return null;
  if (after === null) return { event: "kill-switch.off", message: "The kill switch is off" };
  return { event: "kill-switch.on", message: `The kill switch is on until ${after.until}` };
}

function modeChanges(before: Settings, after: Settings): readonly string[] {
  const ids = [...new Set([...Object.keys(before.modes), ...Object.keys(after.modes)])].sort();
  return ids.flatMap((id) => {
    const [was, is] = [before.modes[id]?.mode, after.modes[id]?.mode];
    return was === is ? [] : [`${id} from ${was ?? "the policy's own"} to ${is ?? "the policy's own"}`];
  });
}
