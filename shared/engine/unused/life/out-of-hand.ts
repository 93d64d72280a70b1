/** Has a retirement ended by what others did about the identity: its incident closed, or it contained? Pure. */

import { Incident } from "../../../domain/incident.ts";
import { containedBy } from "../../evidence/own-changes.ts";
import { openIn } from "../../incident/close-open.ts";
import { read } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import type { Look } from "./look.ts";

/** One sentence; null: it goes on. */
export function whyOutOfHand({ partition, row }: Look): string | null {
  if (openIn(partition)?.incident.id !== row.incidentId) {
    const incident = read(partition, rowKey.incident(row.incidentId), Incident);
    return `its incident was closed: ${incident?.closedBecause ?? "the row is gone"}; what was done stays as it is`;
  }
  const plan = containedBy(partition);
  return plan === null ? null : `it is contained by plan ${plan.id} (${plan.playbook}), and decided there`;
}
