/** The kill switch as it stands. Whoever alters the row stops us, never frees us: a bad signature counts as on. */
import { KillSwitch } from "../../domain/approval.ts";
import type { StoppedBy } from "../../guardrails/guardrail.ts";
import type { Services } from "../../ports/services.ts";

export const killSwitchName = "kill-switch";

export async function readKillSwitch(services: Services): Promise<StoppedBy | null> {
  const { tenantId } = services.policy;
  const row = await services.stores.settings.get(tenantId, killSwitchName);
  if (row === null) return null;
  if (!(await services.signer.verify(row.payload, row.signature))) return { reason: "its row was altered" };
  const parsed = KillSwitch.safeParse(JSON.parse(row.payload));
  if (!parsed.success || parsed.data.tenantId !== tenantId) return { reason: "its row cannot be read" };
  const { by, until, at, reason } = parsed.data;
  const longest = Date.parse(at) + services.policy.killSwitch.maxHours * 3600_000;
  const isOver = services.clock.now() >= Math.min(Date.parse(until), longest);
  return isOver ? null : { reason: `${by} at ${at}, until ${until}: ${reason}` };
}
