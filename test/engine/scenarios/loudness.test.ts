/** How loudly people are asked: a claim that nothing bears out wakes nobody, and is told louder once Graph bears it out. */
import { expect, it } from "vitest";
import { Harness } from "../../support/harness.ts";
import { leak } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const asking = policyWith({ riskLevels: { high: { max: "approve", require: [] } } });

function loud(harness: Harness): readonly string[] {
  return harness.events("stage.awaiting-approval").map(({ urgency }) => urgency);
}

it("a forged leak is a line in the chat, however often it comes", async () => {
  const harness = await Harness.start();
  for (const id of ["forged-1", "forged-2", "forged-3"]) await harness.deliver(leak({ id }).record);
  await harness.run(9 * minute);
  expect(loud(harness)).toEqual(["chat"]);
  expect(harness.tenant.writes).toEqual([]);
});

it("pages when Graph's own copy comes late and bears it out", async () => {
  const harness = await Harness.start(asking);
  const { record, copy } = leak();
  await harness.deliver(record);
  await harness.run();
  expect(loud(harness)).toEqual(["chat"]);
  harness.tenant.change((directory) => directory.riskDetections.push(copy));
  await harness.run(3 * minute);
  expect(loud(harness)).toEqual(["chat", "page"]);
  await harness.run(3 * minute);
  expect(loud(harness)).toHaveLength(2);
});
