/** What in the tables is not as we wrote it: each signed thing is checked, and the rows are held against each other. */
import type { EvidencePlan } from "../../domain/evidence-pack.ts";
import type { Finding } from "../../domain/finding.ts";
import type { Signer } from "../../ports/signer.ts";
import { type Partition, readAll } from "../rows/partition.ts";
import { readPlan } from "../rows/plans.ts";
import { rowKey, SignedRow } from "../rows/rows.ts";
import type { PackProblem } from "./sound-rows.ts";

/** Of all plans of the identity: of one that was altered nobody knows whose incident it was. */
export async function alteredPlans(signer: Signer, partition: Partition): Promise<readonly PackProblem[]> {
  const ids = readAll(partition, rowKey.plan(""), SignedRow).map(({ id }) => id);
  const read = await Promise.all(ids.map(async (id) => ({ id, found: await readPlan(partition, id, signer) })));
  return read
    .filter(({ found }) => found === "altered")
    .map(({ id }) => ({ where: rowKey.plan(id), what: "the plan is not what we signed for this identity" }));
}

export function problemsOf(plans: readonly EvidencePlan[], findings: readonly Finding[]): readonly PackProblem[] {
  const known = new Set(findings.map(({ id }) => id));
  return plans.flatMap((plan) => [
    ...plan.findingIds
      .filter((id) => plan.signed && !known.has(id))
      .map((id) => ({ where: rowKey.finding(id), what: `plan ${plan.id} stands on it, and the row is gone` })),
    ...decisionsOf(plan),
    ...receiptsOf(plan),
  ]);
}

function decisionsOf({ id, stages }: EvidencePlan): readonly PackProblem[] {
  return stages.flatMap(({ stage, approvals }) =>
    approvals.flatMap(({ invalid, by }) => {
      const who = by === null ? "" : `, in the name of ${JSON.stringify(by)}`;
      const what = `a decision does not hold${who}: ${invalid}`;
      return invalid === null ? [] : [{ where: rowKey.approval(id, stage), what }];
    }),
  );
}

function receiptsOf({ id, stages }: EvidencePlan): readonly PackProblem[] {
  const what = "the receipt, which says how it was before, is not the one that we signed";
  return stages
    .flatMap(({ steps }) => steps)
    .filter(({ receiptSigned }) => receiptSigned === false)
    .map(({ index }) => ({ where: rowKey.step(id, index), what }));
}
