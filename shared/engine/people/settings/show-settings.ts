/** The settings for people: what is set, what is left of the switch's time, and what each playbook may do now. */
import { type Mode, strictest } from "../../../domain/mode.ts";
import { activeSwitch } from "../../../domain/settings.ts";
import type { SettingsState } from "../../judge/settings-state.ts";
import { playbooks } from "../../registry.ts";
import type { TableServices } from "../find-plan.ts";
import { modeOf } from "./settings-change.ts";

export function showSettings(
  { clock, policy }: Pick<TableServices, "clock" | "policy">,
  { settings, trouble }: SettingsState,
) {
  const { maxHours } = policy.killSwitch;
  const now = clock.now();
  const active = activeSwitch(settings, maxHours, now);
  const on = trouble !== null || active !== null;
  const left = active === null ? null : Math.ceil((Date.parse(active.until) - now) / 1000);
  const { mode, stages } = policy;
  const effective = (stage: Mode, set: Mode) => (on ? "observe" : modeOf(strictest(mode, stage, set)));
  return {
    trouble,
    killSwitch: { on, set: active, secondsLeft: trouble === null ? left : null, maxHours },
    policy: { mode, ...stages },
    playbooks: [...playbooks.keys()].map((id) => {
      const set = settings.modes[id] ?? null;
      const most = set?.mode ?? "enforce";
      const { contain, eradicate, retire } = stages;
      return {
        id,
        set,
        effective: {
          contain: effective(contain, most),
          eradicate: effective(eradicate, most),
          retire: effective(retire, most),
        },
      };
    }),
  };
}
