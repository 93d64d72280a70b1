/** Something else is open about the identity: the retirement pauses, and people hear it once. */

import { hashId } from "../../../domain/ids.ts";
import type { Next } from "../../judge/stage-context.ts";
import { historyMs } from "../../rows/expiry.ts";
import type { Draft } from "../../rows/partition.ts";
import { hourMs, type Look, later, tellOwners } from "./look.ts";
import { pausedBy } from "./other-business.ts";

/** Null: nothing holds it up. */
export async function sayPaused(look: Look, draft: Draft): Promise<Next | null> {
  const { now, partition, row, writer } = look;
  const { policy, stores } = writer.services;
  const why = pausedBy(partition, row.incidentId, policy.incident.quietHours * hourMs, now);
  if (why === null) return null;
  const key = `told|${hashId(row.incidentId, "paused", why)}`;
  if (!partition.rows.has(key)) {
    draft.put(key, { at: now }, now + historyMs);
    tellOwners(look, draft, { event: "unused.paused", because: `retiring it pauses: ${why}` });
    if (!(await draft.commit(stores.identities))) return later(look, 1_000);
  }
  return later(look, hourMs);
}
