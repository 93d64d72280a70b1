/** The plan that a person means, and what they say about it. */
import type { Approval } from "../../domain/approval.ts";
import type { Role } from "../../domain/caller.ts";
import { TerminalError } from "../../domain/errors.ts";
import type { Services } from "../../ports/services.ts";
import { loadPartition, type Partition } from "../rows/partition.ts";
import { readPlan, type StoredPlan } from "../rows/plans.ts";
import { rowKey } from "../rows/rows.ts";

/** All a person's tool needs: no Graph and no hub; the sweep wakes the writer within 10 s. */
export type TableServices = Pick<Services, "clock" | "policy" | "signer" | "stores">;

export interface FoundPlan {
  readonly partition: Partition;
  readonly stored: StoredPlan;
}

/**
 * By plan id. Throws TerminalError when there is none, or when its row is not what we signed. A copy of the row among another
 * identity's keeps nobody from the plan itself.
 */
export async function findPlan(services: TableServices, planId: string): Promise<FoundPlan> {
  let isAltered = false;
  for await (const { identity } of services.stores.identities.list(rowKey.plan(planId))) {
    const partition = await loadPartition(services.stores.identities, identity);
    const stored = await readPlan(partition, planId, services.signer);
    if (stored === "altered") isAltered = true;
    else if (stored !== null) return { partition, stored };
  }
  if (isAltered) {
    const message = `the row of plan ${planId} was altered after it was signed (or signed by another key): it will not run`;
    throw new TerminalError(message, { code: "plan-altered" });
  }
  throw new TerminalError(`there is no plan ${planId}; \`runs list\` shows those there are`, { code: "no-such-plan" });
}

export interface PersonsWord {
  readonly by: string;
  readonly reason: string;
  /** the frozen list that the decision was one of */
  readonly group?: Approval["group"];
  /** hash of what they were shown (`seenOf`); without it what the rows say now is what they decide on */
  readonly seen?: string;
  /** roles that the person holds; without them nothing is theirs that takes one */
  readonly roles?: readonly Role[];
}
