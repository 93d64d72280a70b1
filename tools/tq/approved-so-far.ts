/** After an approval: is it enough, or does the stage take another person's? */

import type { Approval } from "../../shared/domain/approval.ts";
import { decisionOn, peopleNeeded } from "../../shared/engine/judge/approval-state.ts";
import type { FoundPlan, TableServices } from "../../shared/engine/people/decide-by-person.ts";
import { stageRow } from "../../shared/engine/rows/plans.ts";

/** `approved by alice`, or `approved by 1 of 2 people (alice); somebody else must approve it, too`. */
export async function approvedSoFar(
  services: TableServices,
  found: FoundPlan,
  approval: Pick<Approval, "by" | "stage">,
): Promise<string> {
  const { partition, stored } = found;
  const decision = await decisionOn(services, partition, stored, approval.stage);
  const asked = stageRow(partition, stored.plan.id, approval.stage).people === 2 ? 2 : 1;
  const people = peopleNeeded(decision, asked, services.policy);
  if (people < 2 || decision.state !== "approved") return `approved by ${approval.by}`;
  const by = decision.given.map((given) => given.by);
  const said = `approved by ${Math.min(by.length, people)} of ${people} people (${by.join(", ")})`;
  return by.length < people ? `${said}; somebody else must approve it, too` : said;
}
