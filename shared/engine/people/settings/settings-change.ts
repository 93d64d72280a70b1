/** Pure: what a change of the settings would loosen, against the policy file and against what the API itself had tightened. */
import type { Role } from "../../../domain/caller.ts";
import { TerminalError } from "../../../domain/errors.ts";
import { atLeast, type Mode, mostPermissive, strictest } from "../../../domain/mode.ts";
import type { Policy } from "../../../domain/policy.ts";
import { activeSwitch, type Settings } from "../../../domain/settings.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { SettingsState } from "../../judge/settings-state.ts";
import { playbooks } from "../../registry.ts";
import type { TableServices } from "../find-plan.ts";

export interface SettingsWord {
  readonly by: string;
  readonly reason: string;
  readonly roles: readonly Role[];
}

export interface WantedSettings {
  /** on for so many hours from now, or until then (as it stands: it is left alone); null: off */
  readonly killSwitch: { readonly hours: number } | { readonly until: string } | null;
  readonly modes: Readonly<Record<string, Mode>>;
}

/** One phrase for people. */
export type Loosening = string;

/** The most that the policy file lets any stage of the playbook do; a line may name it for eradication without a person. */
export function allowedByPolicy(policy: Policy, playbook: string): Mode {
  const lines = [policy.detections, policy.riskEventTypes, policy.riskLevels].flatMap((all) => Object.values(all));
  const isUnattended = lines.some(({ unattendedEradication }) => unattendedEradication?.includes(playbook) === true);
  const stages = isUnattended ? "enforce" : mostPermissive(policy.stages.contain, policy.stages.eradicate);
  return modeOf(strictest(policy.mode, stages));
}

/** `notify` is what evidence may say, and no mode of a playbook. */
export function modeOf(ceiling: ReturnType<typeof strictest>): Mode {
  return ceiling === "notify" ? "observe" : ceiling;
}

/** Null: it is within the file. Throws TerminalError `unknown-playbook` or `too-long`. */
export function checkTightens(policy: Policy, { killSwitch, modes }: WantedSettings): string | null {
  const { maxHours } = policy.killSwitch;
  if (killSwitch !== null && "hours" in killSwitch && !(killSwitch.hours > 0 && killSwitch.hours <= maxHours)) {
    const message = `${killSwitch.hours} hours: the switch may be on for more than 0 and up to ${maxHours} hours (killSwitch.maxHours); throw it again when that is over`;
    throw new TerminalError(message, { code: "too-long" });
  }
  for (const [playbook, mode] of Object.entries(modes)) {
    if (!playbooks.has(playbook)) {
      const message = `there is no playbook ${playbook}; there are ${[...playbooks.keys()].join(", ")}`;
      throw new TerminalError(message, { code: "unknown-playbook" });
    }
    const allowed = allowedByPolicy(policy, playbook);
    if (!atLeast(allowed, mode))
      return `${playbook}: ${mode} is looser than the policy file, which lets it go to ${allowed}; settings can only tighten, so change the file`;
  }
  return null;
}

/** What of the document as it stands would be taken back. */
export function loosenings(
  { clock, policy }: Pick<TableServices, "clock" | "policy">,
  { settings, trouble }: SettingsState,
  wanted: WantedSettings,
): readonly Loosening[] {
  if (trouble !== null) return [`${trouble}, which stops everything`];
  const now = clock.now();
  const active = activeSwitch(settings, policy.killSwitch.maxHours, now);
  const isShorter = active !== null && Date.parse(untilOf(wanted, now) ?? isoAt(0)) < Date.parse(active.until);
  const modes = Object.entries(settings.modes).filter(
    ([id, { mode }]) => !atLeast(mode, wanted.modes[id] ?? "enforce"),
  );
  return [
    ...(isShorter ? [`the kill switch of ${active.by}, on until ${active.until}`] : []),
    ...modes.map(([id, { mode, by }]) => `${id} at ${mode}, as ${by} set it`),
  ];
}

function untilOf({ killSwitch }: WantedSettings, now: number): string | null {
  if (killSwitch === null) return null;
  return "until" in killSwitch ? killSwitch.until : isoAt(now + killSwitch.hours * 3600_000);
}

/** What stays as it was keeps who said it; `enforce` says nothing, since nothing can be loosened by it. */
export function merged(
  { clock, policy }: Pick<TableServices, "clock" | "policy">,
  before: Settings,
  wanted: WantedSettings,
  { by, reason }: Pick<SettingsWord, "by" | "reason">,
): Settings {
  const now = clock.now();
  const at = isoAt(now);
  const active = activeSwitch(before, policy.killSwitch.maxHours, now);
  const until = untilOf(wanted, now);
  const lines = Object.entries(wanted.modes)
    .filter(([, mode]) => mode !== "enforce")
    .map(([id, mode]) => {
      const old = before.modes[id];
      return [id, old?.mode === mode ? old : { mode, by, reason, at }] as const;
    });
  const isKept = until !== null && active !== null && Date.parse(until) === Date.parse(active.until);
  if (until === null || isKept) {
    return { ...before, killSwitch: until === null ? null : active, modes: Object.fromEntries(lines.sort(byId)) };
  }
  checkUntil(policy, until, now);
  return { ...before, killSwitch: { by, reason, at, until }, modes: Object.fromEntries(lines.sort(byId)) };
}

function byId([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function checkUntil({ killSwitch: { maxHours } }: Policy, until: string, now: number): void {
  const end = Date.parse(until);
  if (end > now && end <= now + maxHours * 3600_000) return;
  const message = `${until}: a switch ends later than now and within ${maxHours} hours (killSwitch.maxHours), or at the very time at which the one that is on ends`;
  throw new TerminalError(message, { code: "too-long" });
}
