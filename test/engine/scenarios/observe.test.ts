/** Observe mode says what it would do, and evidence that permits more wakes what waited. */
import { describe, expect, it } from "vitest";
import { Harness, leaked } from "../../support/harness.ts";
import { leak, riskyRecord } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;

describe("observe mode", () => {
  it("records what it would send, byte for byte what is sent later", async () => {
    const observing = await Harness.start(policyWith({ mode: "observe" }));
    await leaked(observing);
    const observed = await observing.stage("contain");
    expect(observed.status).toBe("observed");
    expect(observed.steps[0]?.outcome?.status).toBe("would-apply");
    expect(observing.tenant.writes).toEqual([]);
    const enforcing = await Harness.start();
    await leaked(enforcing);
    const previewed = observed.steps.flatMap(({ requests }) => requests);
    expect(previewed).toEqual((await enforcing.stage("contain")).steps.flatMap(({ requests }) => requests));
    expect(previewed).toEqual(enforcing.lines().map((line) => line.replace(" /", " /v1.0/")));
  });

  it("ends as expired when nothing came that permits more", async () => {
    const harness = await Harness.start(policyWith({ mode: "observe" }));
    await leaked(harness);
    await harness.run(200 * 60 * minute);
    expect((await harness.plan()).stages.map(({ status }) => status)).toEqual(["expired", "cancelled"]);
  });
});

describe("a finding that permits more", () => {
  it("wakes the plan that waited for a person", async () => {
    const harness = await Harness.start();
    await harness.deliver(riskyRecord());
    const { record, copy } = leak();
    await harness.run();
    expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    await harness.deliver(record);
    await harness.run();
    expect(await harness.stage("contain")).toMatchObject({ status: "done", decidedBy: "rule" });
  });

  it("wakes the plan that was only observed", async () => {
    const harness = await Harness.start();
    const low = leak({ id: "low", properties: { riskLevel: "low" } });
    const high = leak();
    harness.tenant.change((directory) => directory.riskDetections.push(low.copy));
    await harness.deliver(low.record);
    await harness.run();
    expect(await harness.stage("contain")).toMatchObject({ status: "observed" });
    harness.tenant.change((directory) => directory.riskDetections.push(high.copy));
    await harness.deliver(high.record);
    await harness.run();
    expect(await harness.stage("contain")).toMatchObject({ status: "done" });
    expect(await harness.runs()).toHaveLength(1);
  });
});
