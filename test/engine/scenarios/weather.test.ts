/** Graph and storage on a bad day: answers that get lost, throttling, races, and evidence that is withdrawn in between. */
import { describe, expect, it } from "vitest";
import { runDue } from "../../../shared/engine/run/run-due.ts";
import { createWriter } from "../../../shared/engine/run/writer.ts";
import { throttled } from "../../support/fake-tenant.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { leak } from "../../support/harness-cast.ts";
import { hour, policyWith, startProcess } from "../../support/harness-world.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";

const minute = 60_000;
const disable = { method: "PATCH", path: "/servicePrincipals" } as const;

function isDisabled({ tenant }: Harness): boolean {
  return tenant.directory.servicePrincipals[0]?.accountEnabled === false;
}

describe("a write whose answer was lost", () => {
  it("is found in place, counted as ours, and not sent again", async () => {
    const harness = await Harness.start();
    harness.tenant.faults.push({ ...disable, times: 1, answer: "lost-reply" });
    await leaked(harness);
    await harness.run(minute);
    expect(harness.tenant.writes).toHaveLength(1);
    const { status, steps } = await harness.stage("contain");
    expect([status, steps[0]?.outcome?.status]).toEqual(["done", "applied"]);
    expect(steps[0]?.outcome?.reason).toContain("the answer was lost");
  });

  it("can be taken back even if the evidence was withdrawn before we learned of it", async () => {
    const harness = await Harness.start();
    harness.tenant.faults.push({ ...disable, times: 1, answer: "lost-reply" });
    await leaked(harness);
    harness.tenant.change((directory) => {
      for (const one of directory.riskDetections) one.riskState = "dismissed";
    });
    await harness.run(5 * minute);
    expect(isDisabled(harness)).toBe(true);
    await harness.undo();
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(false);
  });
});

describe("throttling and outages", () => {
  it("waits as long as Graph says, and goes on without counting it as a crash", async () => {
    const harness = await Harness.start();
    harness.tenant.faults.push({ ...disable, times: 8, answer: throttled });
    await leaked(harness);
    await harness.run(70_000);
    expect(isDisabled(harness)).toBe(false);
    await harness.run(30_000);
    expect(isDisabled(harness)).toBe(true);
    expect((await harness.stage("contain")).attempts).toBe(0);
  });

  it("writes nothing while Graph cannot be read, and contains as soon as it can", async () => {
    const harness = await Harness.start();
    harness.tenant.faults.push({ method: "GET", path: "/", answer: {} });
    await leaked(harness);
    await harness.run(20 * minute);
    expect(harness.tenant.writes).toEqual([]);
    harness.tenant.faults.length = 0;
    await harness.run(2 * minute);
    expect(isDisabled(harness)).toBe(true);
  });

  it("contains when the write answers 404 for more than a minute, as it does right after creation", async () => {
    const harness = await Harness.start();
    harness.tenant.faults.push({ ...disable, times: 4, answer: { status: 404, retryable: false } });
    await leaked(harness);
    await harness.run(3 * minute);
    expect(isDisabled(harness)).toBe(true);
  });

  it("says failed, as loudly as a success, when Graph refuses for good, and cancels what was to follow", async () => {
    const harness = await Harness.start();
    harness.tenant.faults.push({
      ...disable,
      answer: { status: 403, code: "Authorization_RequestDenied", retryable: false },
    });
    await leaked(harness);
    expect((await harness.plan()).stages.map(({ status }) => status)).toEqual(["failed", "cancelled"]);
    expect(harness.events("stage.failed")).toMatchObject([{ urgency: "page" }]);
    await harness.run(80 * hour);
    expect(harness.events("incident.closed")).toHaveLength(1);
  });

  it("does not call a stage done whose failed step was followed by a pause", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    const refused = { status: 403, code: "Forbidden", retryable: false };
    harness.tenant.faults.push({ method: "POST", path: /servicePrincipals.*removePassword/, answer: refused });
    harness.tenant.faults.push({ method: "POST", path: /applications.*removePassword/, times: 1, answer: throttled });
    await harness.decide("eradicate");
    await harness.run(2 * minute);
    expect((await harness.stage("eradicate")).status).toBe("failed");
    expect(harness.tenant.directory.applications[0]?.passwordCredentials).toEqual([]);
  });

  it("survives that the pause itself could not be written", async () => {
    const harness = await Harness.start();
    harness.tenant.faults.push({ ...disable, times: 1, answer: throttled });
    const { clock, data } = harness.world;
    const stores = createMemoryStores({ clock, data });
    const services = { ...startProcess(harness.world).services, stores };
    const { record, copy } = leak();
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    await harness.deliver(record);
    const send = services.tenant.send.bind(services.tenant);
    const writer = createWriter({
      ...services,
      tenant: {
        ...services.tenant,
        send: async (request, options) => {
          stores.failNext("identities.commit");
          return send(request, options);
        },
      },
    });
    const { planId, identity } = await harness.plan();
    const message = { kind: "stage", identity, planId, stage: "contain", verifies: false } as const;
    await runDue(writer, [{ message, attempts: 0, version: null }]);
    await harness.run(2 * minute);
    expect(isDisabled(harness)).toBe(true);
    expect(harness.tenant.writes).toHaveLength(1);
  });
});

describe("evidence withdrawn before the stage ran", () => {
  it("writes nothing, though it was approved, and stands by when nobody turns out to be behind it who may not", async () => {
    const harness = await Harness.start(policyWith({ mode: "approve" }));
    await leaked(harness);
    await harness.run(minute);
    harness.tenant.change((directory) => {
      for (const one of directory.riskDetections) one.riskState = "dismissed";
    });
    await harness.decide("contain");
    await harness.run(minute);
    expect((await harness.plan()).stages.map(({ status }) => status)).toEqual(["deferred", "pending"]);
    await harness.run(2 * 60 * minute);
    expect(harness.tenant.writes).toEqual([]);
    expect((await harness.plan()).stages.map(({ status }) => status)).toEqual(["observed", "pending"]);
    expect((await harness.stage("contain")).reasons.join()).toContain("the evidence was withdrawn");
  });
});
