/** After an approval: is it enough, or does the stage take another person's? */
import type { Approval } from "../../shared/domain/approval.ts";
import { approvalsSoFar } from "../../shared/engine/people/approvals-so-far.ts";
import type { FoundPlan, TableServices } from "../../shared/engine/people/decide-by-person.ts";

/** `approved by alice`, or `approved by 1 of 2 people (alice); somebody else must approve it, too`. */
export async function approvedSoFar(
  services: TableServices,
  found: FoundPlan,
  approval: Pick<Approval, "by" | "stage">,
): Promise<string> {
  const { people, approvedBy: by } = await approvalsSoFar(services, found, approval.stage);
  if (people < 2 || by.length === 0) return `approved by ${approval.by}`;
  const said = `approved by ${Math.min(by.length, people)} of ${people} people (${by.join(", ")})`;
  return by.length < people ? `${said}; somebody else must approve it, too` : said;
}
