/** One page of a listing of plans: only the partitions of that page are loaded. */
import pLimit from "p-limit";
import { loadPartition } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import type { TableServices } from "../find-plan.ts";
import { shownPlan } from "./plan-in.ts";
import { type RunSummary, runSummary } from "./run-summary.ts";
import type { PlanRow } from "./scan-plans.ts";
import { apart, orUnreadable, type Shown, type Unreadable } from "./unreadable.ts";

const inFlight = 16;

/** In the order of `page`. A plan whose row went meanwhile is left out. */
export async function summariesOf(services: TableServices, page: readonly PlanRow[]): Promise<Shown<RunSummary>> {
  const limit = pLimit(inFlight);
  const all = await Promise.all(page.map((row) => limit(() => summaryOf(services, row))));
  return apart(all.filter((one): one is RunSummary | Unreadable => one !== null));
}

function summaryOf(services: TableServices, { identity, planId }: PlanRow): Promise<RunSummary | Unreadable | null> {
  return orUnreadable(identity, rowKey.plan(planId), async () => {
    const partition = await loadPartition(services.stores.identities, identity);
    const shown = await shownPlan(services, partition, planId);
    return shown === null ? null : runSummary(shown);
  });
}
