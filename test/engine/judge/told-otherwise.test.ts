/** Somebody who can edit the tables takes away the word by which a person ended a stage, and puts an earlier approval back. */
import { expect, it } from "vitest";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { cancelPlan } from "../../../shared/engine/people/requests/cancel-by-person.ts";
import { dismissIncident } from "../../../shared/engine/people/requests/dismiss-by-person.ts";
import { putDue } from "../../../shared/engine/rows/due.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { applicationId } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const word = { by: "ada", reason: "false alarm" };

/** How a person ends a stage, by what it leaves. */
const endings: readonly [string, (harness: Harness) => Promise<unknown>][] = [
  ["denial", (harness) => harness.decide("contain", "deny", "ada")],
  ["cancellation", async (harness) => cancelPlan(harness.tables, await foundPlan(harness), word)],
  [
    "dismissal",
    async (harness) => {
      const { incidentId } = (await foundPlan(harness)).stored.plan;
      return dismissIncident(harness.tables, incidentId, { ...word, roles: ["Tourniquet.Admin"] });
    },
  ],
];

async function foundPlan(harness: Harness) {
  return findPlan(harness.tables, (await harness.plan()).planId);
}

it.each(endings)("lets a stage not run on an approval that a %s ended, whatever became of its row", async (_, end) => {
  const { protected: lists } = policyWith();
  const harness = await Harness.start(policyWith({ protected: { ...lists, ask: [applicationId] } }));
  await leaked(harness);
  expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
  const { partition, stored } = await foundPlan(harness);
  await harness.decide("contain", "approve", "ada");
  const rows = harness.world.data.identities.get(partition.key) ?? new Map();
  const isOfPeople = (key: string) => /^(approval|cancel|stage|incident|identity)/.test(key);
  const before = [...rows].filter(([key]) => isOfPeople(key));
  await end(harness);
  await harness.run(minute);
  expect(harness.tenant.writes).toEqual([]);
  for (const key of [...rows.keys()]) if (isOfPeople(key)) rows.delete(key);
  for (const [key, row] of before) rows.set(key, { ...row, etag: `back-${row.etag}` });
  const { id: planId } = stored.plan;
  const message = { kind: "stage", identity: partition.key, planId, stage: "contain", verifies: false } as const;
  await putDue(harness.process.services, message, harness.clock.now());
  await harness.run(minute);
  expect(harness.tenant.writes).toEqual([]);
  expect(await harness.stage("contain")).toMatchObject({ status: "cancelled" });
  expect(harness.events("decision.altered")).toMatchObject([{ urgency: "page" }]);
});
