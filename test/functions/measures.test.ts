/** What the triggers measure: how long wake-ups lie, how late the sweep finds what is due, how many stages wait for people. */
import { InvocationContext } from "@azure/functions";
import { expect, it } from "vitest";
import type { App } from "../../functions/app.ts";
import { runPlan } from "../../functions/run-plan.ts";
import { purgeTimer } from "../../functions/timers.ts";
import { sweep } from "../../shared/engine/run/sweep.ts";
import { isoAt } from "../../shared/ports/clock.ts";
import { noTelemetry, type Telemetry } from "../../shared/ports/telemetry.ts";
import { Harness, leaked } from "../support/harness.ts";
import { policyWith } from "../support/harness-world.ts";

interface Measured {
  readonly telemetry: Telemetry;
  of(name: string): readonly number[];
}

function measured(): Measured {
  const all: { name: string; value: number }[] = [];
  const take = (name: string, value: number) => void all.push({ name, value });
  return {
    telemetry: { ...noTelemetry, add: take, record: take, level: take },
    of: (name) => all.filter((one) => one.name === name).map(({ value }) => value),
  };
}

async function harnessWith(telemetry: Telemetry): Promise<Harness> {
  const { world } = await Harness.start(policyWith({ mode: "approve" }));
  world.telemetry = telemetry;
  return new Harness(world);
}

/** The triggers below use no more of it. */
const appOf = ({ process: { services, writer } }: Harness) =>
  (async () => ({ services, writer }) as App) as () => Promise<App>;

it("how long each wake-up lay in the hub", async () => {
  const { telemetry, of } = measured();
  const harness = await harnessWith(telemetry);
  const sent = [7_000, 500].map((agoMs) => isoAt(harness.clock.now() - agoMs));
  const triggerMetadata = { enqueuedTimeUtcArray: sent };
  const context = new InvocationContext({ functionName: "run-plan", invocationId: "one", triggerMetadata });
  await runPlan(appOf(harness))(["nothing of ours", "nor this"], context);
  expect(of("tourniquet.queue.age")).toEqual([7, 0.5]);
});

it("how late the oldest due thing is, and what was published of it", async () => {
  const { telemetry, of } = measured();
  const harness = await harnessWith(telemetry);
  await sweep(harness.process.services);
  const { due } = harness.process.services.stores;
  const tenantId = harness.world.policy.tenantId;
  const message = { kind: "deliver", identity: `${tenantId}|groups` } as const;
  await due.put({ id: "one", tenantId, wakeAt: harness.clock.now() - 90_000, message, attempts: 0 });
  await sweep(harness.process.services);
  expect(of("tourniquet.due.age")).toEqual([0, 90]);
  expect(of("tourniquet.wake_ups")).toEqual([1]);
});

it("how many stages wait for a person", async () => {
  const { telemetry, of } = measured();
  const harness = await harnessWith(telemetry);
  await leaked(harness);
  await purgeTimer(appOf(harness))();
  expect(of("tourniquet.approvals.waiting")).toEqual([1]);
});
