/**
 * What people set at run time for the whole tenant: one signed document. It can only tighten what the policy file says; where it
 * was altered, cannot be read or is another tenant's, everything stops.
 */
import { z } from "zod";
import { Guid } from "./identity.ts";
import { Mode } from "./mode.ts";

const Word = { by: z.string().min(1), reason: z.string(), at: z.string() };

/** Stops every write but the undo of our own disables. */
export const KillSwitch = z.strictObject({ ...Word, until: z.string() });
export type KillSwitch = z.infer<typeof KillSwitch>;

/** The most a playbook may do, until somebody takes that back. */
export const ModeOverride = z.strictObject({ ...Word, mode: Mode });
export type ModeOverride = z.infer<typeof ModeOverride>;

export const Settings = z.strictObject({
  tenantId: Guid,
  /** one more each time it is written, so that an earlier one that somebody puts back is known for what it is */
  serial: z.int().nonnegative().default(0),
  killSwitch: KillSwitch.nullable(),
  /** by playbook id; a playbook without a line may do what the policy file says */
  modes: z.record(z.string(), ModeOverride),
});
export type Settings = z.infer<typeof Settings>;

export function noSettings(tenantId: string): Settings {
  return { tenantId, serial: 0, killSwitch: null, modes: {} };
}

/** The switch while it holds: until it says, and never longer than `maxHours`, whoever wrote it. */
export function activeSwitch({ killSwitch }: Settings, maxHours: number, now: number): KillSwitch | null {
  if (killSwitch === null) return null;
  const longest = Date.parse(killSwitch.at) + maxHours * 3600_000;
  return now < Math.min(Date.parse(killSwitch.until), longest) ? killSwitch : null;
}
