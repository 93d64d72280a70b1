/** Once a month, on its first working day: what came of retiring since the last time, as one notice. */

import { z } from "zod";
import { dayMs } from "../../../domain/day.ts";
import { nobodyIn, unusedKey } from "../../../domain/identity.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { Services } from "../../../ports/services.ts";
import { publishedAgainMs, putDue } from "../../rows/due.ts";
import { historyMs } from "../../rows/expiry.ts";
import { tell } from "../../rows/notices.ts";
import { Draft, loadPartition, read } from "../../rows/partition.ts";
import { gatherSummary, type UnusedSummary } from "./gather-summary.ts";

const sentAtHour = 7;
const rowName = "summary";
const SentRow = z.object({ until: z.string() });
/** What was missed for longer is in the ledger, and no longer news. */
const longestMs = 62 * dayMs;

/** Called every few minutes; mostly there is nothing to do. The row that says so and the notice are one commit, so it is told once. */
export async function sendSummary(services: Pick<Services, "clock" | "policy" | "stores">): Promise<void> {
  const { clock, policy, stores } = services;
  const now = clock.now();
  const to = lastSending(now);
  const key = unusedKey(policy.tenantId);
  const partition = await loadPartition(stores.identities, key);
  const until = Date.parse(read(partition, rowName, SentRow)?.until ?? "");
  if (until >= to) return;
  const from = Number.isNaN(until) ? lastSending(to - dayMs) : Math.max(until, to - longestMs);
  const summary = await gatherSummary(services, from);
  const draft = new Draft(partition).put(rowName, { until: isoAt(to) }, now + 2 * historyMs);
  if (isWorthTelling(summary)) tellSummary(draft, policy.tenantId, summary, { from, to, now });
  const deliver = { kind: "deliver", identity: key } as const;
  await putDue(services, deliver, now + publishedAgainMs);
  // whoever was faster told the same
  if (await draft.commit(stores.identities)) await putDue(services, deliver, now);
}

/** The latest 07:00 UTC of a first working day of a month that is over. */
function lastSending(now: number): number {
  const at = new Date(now);
  const thisMonth = firstWorkingDay(at.getUTCFullYear(), at.getUTCMonth());
  return thisMonth <= now ? thisMonth : firstWorkingDay(at.getUTCFullYear(), at.getUTCMonth() - 1);
}

/** Monday to Friday; epoch ms of its hour. */
function firstWorkingDay(year: number, month: number): number {
  const first = Date.UTC(year, month, 1, sentAtHour);
  const weekday = new Date(first).getUTCDay();
  const wait = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  return first + wait * dayMs;
}

/** Nothing of a tenant in which nothing is retired. */
function isWorthTelling({ since, waits, reportOnly }: UnusedSummary): boolean {
  return [...Object.values(since), ...Object.values(waits)].some((times) => times > 0) || reportOnly !== null;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

function tellSummary(draft: Draft, tenantId: string, summary: UnusedSummary, { from, to, now }: Span): void {
  const { since, waits, reportOnly, privileges } = summary;
  const came = Object.entries(since).map(([state, times]) => `${times} ${state}`);
  const open = Object.entries(waits).map(([state, times]) => `${times} ${state}`);
  const held = Object.entries(privileges).map(([what, times]) => `${what} (${times})`);
  const parts = [
    `Unused identities since ${isoAt(from).slice(0, 10)}: ${came.join(", ")}`,
    `taken away with them: ${held.slice(0, 10).join(", ") || "nothing privileged"}`,
    `now under way: ${open.join(", ")}`,
    ...(reportOnly === null ? [] : [`the newest scan only reported: ${reportOnly}`]),
  ];
  tell(
    draft,
    {
      event: "unused.summary",
      about: [isoAt(to)],
      urgency: "chat",
      identity: nobodyIn(tenantId),
      message: parts.join("; "),
      data: { from: isoAt(from), to: isoAt(to), ...summary },
    },
    now,
  );
}
