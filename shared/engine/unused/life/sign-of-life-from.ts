/** From when on a refused sign-in is a sign of life of something that was disabled because nobody used it. Pure. */

import { hasEnded } from "../../../domain/plan.ts";
import { Retirement } from "../../../domain/retirement.ts";
import { type Partition, read } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import { courseOf } from "./course.ts";

/** ISO 8601 UTC; null: nobody asks. While people are being asked already, another one says nothing new. */
export function signOfLifeFrom(partition: Partition, incidentId: string): string | null {
  const row = read(partition, rowKey.retirement, Retirement);
  if (row === null || row.incidentId !== incidentId) return null;
  if (row.state === "disabled") return latest(row.disabledAt, row.signOfLifeAt);
  // disabled a moment ago, and nobody has looked since
  const disable = row.state === "told" ? courseOf(partition, incidentId).disable : null;
  return disable !== null && hasEnded(disable.status) ? disable.appliedAt : null;
}

function latest(a: string | null, b: string | null): string | null {
  return a !== null && b !== null && b > a ? b : a;
}
