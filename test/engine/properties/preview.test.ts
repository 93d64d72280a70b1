/** What people are shown is what is sent, and what is done is not done again: over random footholds and random plans. */
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { refOfKey } from "../../../shared/domain/identity.ts";
import { describeRequest, foresee } from "../../../shared/engine/people/decisions/preview.ts";
import { stagesOf, stepsOf } from "../../../shared/engine/rows/plans.ts";
import { completeFacts } from "../../../shared/engine/snapshot/complete-facts.ts";
import { readFacts } from "../../../shared/engine/snapshot/read-facts.ts";
import type { ApiRequest } from "../../../shared/ports/tenant.ts";
import type { Harness } from "../../support/harness.ts";
import { self } from "../../support/harness-cast.ts";
import { AnyFootholds, addFootholds, everyStep, gravestSteps } from "../../support/harness-footholds.ts";
import { apply, observing, putPlan, type Wanted } from "../../support/harness-plans.ts";
import { startProcess } from "../../support/harness-world.ts";

// many small worlds: a busy machine needs its time
vi.setConfig({ testTimeout: 120_000 });

const eradicate = { stage: "eradicate" } as const;
const keys = (object: string): Wanted => ({
  action: "remove-key-credentials",
  parameters: { object, objectId: null, keyIds: "all" },
  ...eradicate,
});
/** None of them changes what another of its stage would send. */
const apart: readonly Wanted[] = [
  ...everyStep,
  ...gravestSteps.filter(
    ({ action }) => !action.startsWith("delete-") && action !== "remove-scheduled-directory-roles",
  ),
  keys("application"),
  keys("servicePrincipal"),
];

/** From now on what leaves is kept, every byte of it. */
function recordSent(harness: Harness): ApiRequest[] {
  const { tenant } = harness;
  const sent: ApiRequest[] = [];
  const send = tenant.send.bind(tenant);
  tenant.send = (request) => {
    sent.push(request);
    return send(request);
  };
  harness.process = startProcess(harness.world);
  return sent;
}

it("a preview's requests are those that are sent, in their order, given the same snapshot", async () => {
  await fc.assert(
    fc.asyncProperty(AnyFootholds, fc.shuffledSubarray([...apart], { minLength: 1 }), async (has, steps) => {
      const harness = await observing();
      harness.tenant.change((directory) => addFootholds(directory, has));
      const sent = recordSent(harness);
      const { services } = harness.process;
      const plan = await putPlan(harness, steps);
      for (const stage of stagesOf(plan)) {
        const planned = stepsOf(plan, stage).map(({ step }) => step);
        const facts = await readFacts(services, refOfKey((await harness.plan()).identity));
        const whole = await completeFacts(services, facts, planned);
        const shown = planned.flatMap((step) => foresee(step, whole, self).requests);
        const before = sent.length;
        await apply(harness, plan, [stage]);
        expect(sent.slice(before).map(describeRequest)).toEqual(shown);
      }
    }),
    { numRuns: 25 },
  );
});

it("a plan applied twice is the plan applied once", async () => {
  const all = [...apart, ...gravestSteps];
  await fc.assert(
    fc.asyncProperty(AnyFootholds, fc.shuffledSubarray(all, { minLength: 1 }), async (has, steps) => {
      const harness = await observing();
      harness.tenant.change((directory) => addFootholds(directory, has));
      await apply(harness, await putPlan(harness, steps));
      const { directory, writes } = harness.tenant;
      const once = writes.length;
      await apply(harness, await putPlan(harness, steps, { playbook: "made-by-a-test-again" }));
      expect(harness.tenant.directory).toEqual(directory);
      expect(harness.tenant.writes.slice(once)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
