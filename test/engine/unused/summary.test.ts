import { expect, it } from "vitest";
import { sendSummary } from "../../../shared/engine/unused/life/summary.ts";
import type { Harness } from "../../support/harness.ts";
import { deleted, disabled, restore } from "../../support/harness-retirement.ts";
import { day, startProcess } from "../../support/harness-world.ts";

/** Calls it as the timer does, until that day. */
async function until(harness: Harness, date: string): Promise<void> {
  const end = Date.parse(date);
  while (harness.clock.now() < end) {
    await harness.run(Math.min(day / 2, end - harness.clock.now()));
    await sendSummary(startProcess(harness.world, "timer").services);
  }
  await harness.run();
}

it("says once a month what came of it, on the first working day, whoever calls and however often", async () => {
  const harness = await disabled();
  await until(harness, "2026-04-01T06:00:00.000Z");
  expect(harness.events("unused.summary")).toHaveLength(1);
  await until(harness, "2026-04-30T00:00:00.000Z");
  const [, april] = harness.events("unused.summary");
  expect(harness.events("unused.summary")).toHaveLength(2);
  expect(april).toMatchObject({
    urgency: "chat",
    data: {
      from: "2026-03-02T07:00:00.000Z",
      to: "2026-04-01T07:00:00.000Z",
      since: { told: 1, disabled: 1, deleted: 0, restored: 0 },
      privileges: { "application permission Mail.Read": 1 },
      waits: { told: 0, disabled: 1, asking: 0, approvals: 0 },
    },
  });
  // the first of August is a Saturday
  await until(harness, "2026-08-05T00:00:00.000Z");
  expect(harness.events("unused.summary").at(-1)?.data.to).toBe("2026-08-03T07:00:00.000Z");
}, 30_000);

it("does not count as taken away what was brought back", async () => {
  const harness = await deleted();
  await restore(harness);
  await until(harness, "2026-05-02T00:00:00.000Z");
  const last = harness.events("unused.summary").at(-1);
  expect(last?.data).toMatchObject({ since: { restored: 1 }, privileges: {} });
});
