/** Observing takes reading alone: a token that may change nothing keeps no plan from being observed, and one that acts from beginning. */
import { expect, test } from "vitest";
import { Harness } from "../../support/harness.ts";
import { leak, self } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

async function leaked(mode: "observe" | "enforce") {
  const harness = await Harness.start(policyWith({ mode }));
  harness.tenant.self = { ...self, roles: ["Application.Read.All", "Directory.Read.All"] };
  await harness.deliver(leak().record);
  await harness.run();
  return harness;
}

test("while the policy observes, what would be done is recorded, and what it would take is said", async () => {
  const harness = await leaked("observe");
  const { status, steps } = await harness.stage("contain");
  expect(status).toBe("observed");
  expect(steps[0]?.outcome?.reason).toContain(
    "to go further our access token would have to carry Application.ReadWrite.All",
  );
  expect(harness.tenant.writes).toEqual([]);
});

test("when it acts, the plan is refused before anything is written", async () => {
  const harness = await leaked("enforce");
  const { status, steps } = await harness.stage("contain");
  expect(status).toBe("blocked");
  expect(steps[0]?.outcome?.reason).toContain("our access token lacks what the steps need: Application.ReadWrite.All");
  expect(harness.tenant.writes).toEqual([]);
});
