/** The life of a retirement in the writer, state by state. */
import { describe, expect, it } from "vitest";
import { dismissIncident } from "../../../shared/engine/people/requests/dismiss-by-person.ts";
import { leak, refusedSignIn } from "../../support/harness-cast.ts";
import {
  deleted,
  disabled,
  isEnabled,
  owner,
  restore,
  retiring,
  rowOf,
  say,
  stranger,
  told,
  used,
} from "../../support/harness-retirement.ts";
import { day, hour } from "../../support/harness-world.ts";

describe("told", () => {
  it("works as before until the notice is over, and is disabled then", async () => {
    const harness = await told();
    await harness.run(13 * day);
    expect(isEnabled(harness)).toBe(true);
    await harness.run(2 * day);
    expect(isEnabled(harness)).toBe(false);
    expect(rowOf(harness)).toMatchObject({ state: "disabled", deletedAt: null });
    expect(harness.events("unused.disabled")).toHaveLength(1);
    expect(harness.events("unused.disabled")[0]?.recipients).toEqual([owner]);
  });

  it("goes back when it is used, with its plan and its incident", async () => {
    const harness = await told();
    await harness.run(5 * day);
    used(harness);
    await harness.run(40 * day);
    expect(rowOf(harness).state).toBe("back");
    expect(harness.lines()).toEqual([]);
    expect((await harness.plan()).stages.map(({ status }) => status)).toEqual(["cancelled"]);
    expect(harness.events("unused.back-in-use")).toHaveLength(1);
    expect(harness.events("incident.closed")).toHaveLength(1);
  });

  it("waits while the report cannot be read, and is not touched", async () => {
    const harness = await told();
    harness.tenant.faults.push({ path: "/reports/", answer: {} });
    await harness.run(16 * day);
    expect(harness.lines()).toEqual([]);
  });

  it("goes back when an operator keeps it, and when somebody holds it", async () => {
    for (const kind of ["keep", "hold"] as const) {
      const harness = await told();
      await say(harness, kind, { until: kind === "hold" ? "2027-01-01T00:00:00.000Z" : null });
      await harness.run();
      expect(rowOf(harness).state).toBe("back");
      await harness.run(60 * day);
      expect(harness.lines()).toEqual([]);
    }
  });

  it("goes back on the word of who owns it, and not on that of who does not, who is told", async () => {
    const harness = await told();
    await say(harness, "keep", { by: `eve (${stranger})`, asOwner: true });
    await harness.run();
    expect(rowOf(harness).state).toBe("told");
    expect(harness.events("unused.word-struck").map(({ recipients }) => recipients)).toEqual([[stranger]]);
    await say(harness, "keep", { by: `olga (${owner})`, asOwner: true });
    await harness.run();
    expect(rowOf(harness).state).toBe("back");
  });

  it("is not disabled while nobody could ask Graph who owns it", async () => {
    const harness = await told();
    harness.tenant.faults.push({ path: "/owners", answer: {} });
    await say(harness, "keep", { by: `eve (${stranger})`, asOwner: true });
    await harness.run(20 * day);
    expect(harness.lines()).toEqual([]);
    expect(rowOf(harness).state).not.toBe("disabled");
  });

  it("goes back when the plan is denied, and says so", async () => {
    const harness = await told(retiring({}, "approve"));
    await harness.run(15 * day);
    await harness.decide("retire", "deny");
    await harness.run();
    expect(rowOf(harness)).toMatchObject({ state: "back" });
    expect(rowOf(harness).because).toContain("ada denied it");
  });

  it("goes back when its incident is dismissed", async () => {
    const harness = await told();
    const word = { by: "ada", reason: "leave it", roles: ["Tourniquet.Admin"] } as const;
    await dismissIncident(harness.tables, rowOf(harness).incidentId, word);
    await harness.run(60 * day);
    expect(rowOf(harness).state).toBe("back");
    expect(rowOf(harness).because).toContain("ada dismissed it: leave it");
    expect(harness.lines()).toEqual([]);
  });
});

describe("disabled", () => {
  it("is deleted after its time, and its incident stays open until it is gone", async () => {
    const harness = await deleted();
    expect(rowOf(harness).state).toBe("deleted");
    expect(harness.tenant.directory.applications).toEqual([]);
    expect(harness.events("incident.closed")).toEqual([]);
    await harness.run(29 * day);
    expect(rowOf(harness).state).toBe("deleted");
    harness.tenant.change((directory) => {
      directory.deletedItems = [];
    });
    await harness.run(3 * day);
    expect(rowOf(harness).state).toBe("gone");
    expect(harness.events("incident.closed")).toHaveLength(1);
    expect(harness.events("unused.gone")).toHaveLength(1);
  });

  it("is left to whoever enabled it again", async () => {
    const harness = await disabled();
    harness.tenant.change((directory) => {
      for (const one of directory.servicePrincipals) one.accountEnabled = true;
    });
    await harness.run(60 * day);
    expect(rowOf(harness).state).toBe("back");
    expect(isEnabled(harness)).toBe(true);
    expect(harness.lines()).toHaveLength(1);
  });

  it("asks people when somebody was refused since, once, and deletes nothing by itself", async () => {
    const harness = await disabled();
    for (let tries = 0; tries < 3; tries++) {
      await harness.run(hour);
      await harness.deliver(refusedSignIn(harness.clock.now()));
      await harness.run();
    }
    expect(rowOf(harness).state).toBe("asking");
    const asked = harness.events("unused.sign-of-life");
    expect(asked.map(({ urgency, recipients }) => [urgency, recipients])).toEqual([["chat", [owner]]]);
    await harness.run(31 * day);
    const plan = await harness.plan("delete-unused-identity");
    expect(plan.stages.map(({ status }) => status)).toEqual(["waiting"]);
    expect(harness.lines()).toHaveLength(1);
    expect(isEnabled(harness)).toBe(false);
    await harness.decide("retire", "deny");
    await harness.run(29 * day);
    expect(rowOf(harness).state).toBe("asking");
    await harness.run(3 * day);
    const waiting = (await harness.runs()).filter(({ playbook }) => playbook === "delete-unused-identity");
    expect(waiting.map(({ stages }) => stages[0]?.status).sort()).toEqual(["cancelled", "waiting"]);
    await harness.decide("retire", "approve");
    await harness.run(2 * day);
    expect(rowOf(harness).state).toBe("deleted");
  });

  it("takes a refused sign-in of before the disable for nothing", async () => {
    const harness = await told();
    const before = harness.clock.now();
    await harness.run(15 * day);
    await harness.deliver(refusedSignIn(before));
    await harness.run(2 * day);
    expect(rowOf(harness).state).toBe("disabled");
  });

  it("stays disabled and is not deleted when somebody keeps it, until it is restored", async () => {
    const harness = await disabled();
    await say(harness, "keep", { by: `olga (${owner})`, asOwner: true });
    await harness.run(90 * day);
    expect(rowOf(harness).state).toBe("asking");
    expect(harness.lines()).toHaveLength(1);
    await restore(harness);
    await harness.run(day);
    expect(rowOf(harness).state).toBe("restored");
    expect(isEnabled(harness)).toBe(true);
  });

  it("pauses for an attack, and is left to the containment", async () => {
    const harness = await disabled();
    const { record, copy } = leak({ at: harness.clock.now() - 60_000 });
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    await harness.deliver(record);
    await harness.run(60 * day);
    expect(harness.events("unused.paused").length + harness.events("unused.back-in-use").length).toBe(1);
    expect(harness.lines().filter((line) => line.startsWith("DELETE"))).toEqual([]);
    expect(rowOf(harness).state).toBe("back");
    expect(rowOf(harness).because).toContain("contained");
  });
});

describe("what else is open", () => {
  it("pauses it, says so once, and begins its time anew", async () => {
    const harness = await disabled();
    await harness.run(25 * day);
    const { record, copy } = leak();
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    await harness.deliver(record);
    await harness.run(25 * day);
    expect(rowOf(harness).state).toBe("disabled");
    expect(harness.lines()).toHaveLength(1);
    expect(harness.events("unused.paused").length).toBeGreaterThan(0);
    await harness.run(10 * day);
    expect(rowOf(harness).state).toBe("deleted");
  });
});
