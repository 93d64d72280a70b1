/** Our own changes in the rows of an identity. */
import { expect, it } from "vitest";
import { containmentOf, standingDisable } from "../../../shared/engine/evidence/own-changes.ts";
import { loadPartition } from "../../../shared/engine/rows/partition.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { policyWith } from "../../support/harness-world.ts";

it("a disable stands until we took it back: the undo of a disable is none itself", async () => {
  const harness = await Harness.start(policyWith({ mode: "approve" }));
  await leaked(harness);
  await harness.decide("contain");
  await harness.run(600_000);
  const { identity, planId } = await harness.plan();
  const { stores } = harness.process.services;
  const load = () => loadPartition(stores.identities, identity);
  expect(containmentOf(await load())).toMatchObject({ planId });
  await harness.undo();
  await harness.run(600_000);
  expect(harness.tenant.directory.servicePrincipals[0]?.accountEnabled).toBe(true);
  expect(containmentOf(await load())).toBeNull();
  expect(standingDisable(await load(), "another plan", harness.clock.now())).toBeNull();
});
