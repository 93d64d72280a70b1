/** After an approval: is it enough, or does the stage take another person's? */
import type { StageName } from "../../../domain/plan.ts";
import { decisionOn, peopleNeeded } from "../../judge/approval-state.ts";
import { loadPartition } from "../../rows/partition.ts";
import { stageRow } from "../../rows/plans.ts";
import type { FoundPlan, TableServices } from "../find-plan.ts";

export interface SoFar {
  /** so many different people must approve */
  readonly people: 1 | 2;
  /** whose approvals hold, earliest first */
  readonly approvedBy: readonly string[];
}

/** As the rows are now. */
export async function approvalsSoFar(services: TableServices, found: FoundPlan, stage: StageName): Promise<SoFar> {
  const { stored } = found;
  const partition = await loadPartition(services.stores.identities, found.partition.key);
  const decision = await decisionOn(services, partition, stored, stage);
  const asked = stageRow(partition, stored.plan.id, stage).people === 2 ? 2 : 1;
  return {
    people: peopleNeeded(decision, asked, services.policy),
    approvedBy: decision.state === "approved" ? decision.given.map(({ by }) => by) : [],
  };
}
