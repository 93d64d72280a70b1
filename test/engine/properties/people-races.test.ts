/** People and the writer at the same moment: whichever call of the one the other comes between, there is exactly one outcome. */
import { describe, expect, it, vi } from "vitest";
import { hasEnded } from "../../../shared/domain/plan.ts";
import { decideStage } from "../../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { cancelPlan } from "../../../shared/engine/people/requests/cancel-by-person.ts";
import { dismissIncident } from "../../../shared/engine/people/requests/dismiss-by-person.ts";
import { requestUndo } from "../../../shared/engine/undo/undo-by-person.ts";
import { atEveryCall, meet } from "../../support/between-calls.ts";
import { Harness, leaked, settle } from "../../support/harness.ts";
import { guid, leak } from "../../support/harness-cast.ts";
import { deliveryOf, type Process, policyWith } from "../../support/harness-world.ts";

// a world for each call
vi.setConfig({ testTimeout: 180_000 });

const minute = 60_000;
const ada = { by: "ada", reason: "it is bad" };
const bob = { by: "bob", reason: "it is a drill" };
const admin = ["Tourniquet.Admin"] as const;

async function waiting(): Promise<Harness> {
  const harness = await Harness.start(policyWith({ mode: "approve" }));
  await leaked(harness);
  return harness;
}

const ofNewest = async (harness: Harness) => findPlan(harness.tables, (await harness.plan()).planId);

const approve = async ({ services }: Pick<Process, "services">, planId: string) =>
  decideStage(services, await findPlan(services, planId), "contain", "approve", ada);

async function statuses(harness: Harness): Promise<readonly string[]> {
  return (await harness.plan()).stages.map(({ status }) => status);
}

/** Every step that counts as applied was sent once, and nothing else was. */
async function expectTrueBooks(harness: Harness): Promise<void> {
  const steps = (await harness.runs()).flatMap(({ stages }) => stages.flatMap((stage) => stage.steps));
  const applied = steps.filter(({ outcome }) => ["applied", "reverted"].includes(outcome?.status ?? ""));
  const sent = applied.reduce((sum, { requests }) => sum + requests.length, 0);
  expect(harness.tenant.writes.filter(({ effective }) => effective)).toHaveLength(sent);
}

describe("calling a plan off", () => {
  it("against an approval: called off, whoever was first", async () => {
    await atEveryCall(async (at) => {
      const harness = await waiting();
      const found = await ofNewest(harness);
      const { planId } = await harness.plan();
      const meeting = await meet(
        harness,
        at,
        (one) => approve(one, planId),
        () => cancelPlan(harness.tables, found, bob),
      );
      expect(meeting.second).toMatchObject({ stages: [{ stage: "contain" }, { stage: "eradicate" }] });
      await harness.run(minute);
      expect(await statuses(harness)).toEqual(["cancelled", "cancelled"]);
      expect(harness.tenant.writes).toEqual([]);
      expect(harness.events("stage.cancelled")).toHaveLength(1);
      return meeting;
    });
  });

  it("while somebody approves in the middle of it: called off", async () => {
    await atEveryCall(async (at) => {
      const harness = await waiting();
      const { planId } = await harness.plan();
      const cancel = async ({ services }: Process) => cancelPlan(services, await findPlan(services, planId), bob);
      const meeting = await meet(harness, at, cancel, () => approve({ services: harness.process.services }, planId));
      expect(meeting.first).not.toBeInstanceOf(Error);
      await harness.run(minute);
      expect(await statuses(harness)).toEqual(["cancelled", "cancelled"]);
      expect(harness.tenant.writes).toEqual([]);
      return meeting;
    });
  });

  it("during the run: nothing more is begun, what was sent is known, and what is left ends as cancelled", async () => {
    await atEveryCall(async (at) => {
      const harness = await Harness.start();
      await leaked(harness);
      await harness.run(15 * minute);
      await harness.decide("eradicate");
      const found = await ofNewest(harness);
      const begun = async () =>
        (await harness.stage("eradicate")).steps.filter(({ intendedAt }) => intendedAt !== null);
      let begunThen: readonly unknown[] = [];
      const cancel = async () => {
        const said = await cancelPlan(harness.tables, found, bob);
        begunThen = await begun();
        return said;
      };
      const runs = (one: Process) => settle(harness.world, one, harness.clock.now());
      const meeting = await meet(harness, at, runs, cancel);
      await harness.run(15 * minute);
      const [, eradicate] = await statuses(harness);
      if (meeting.second instanceof Error) {
        expect([eradicate, meeting.second.message]).toEqual(["done", expect.stringMatching(/has ended/)]);
      } else expect((await begun()).length).toBe(begunThen.length);
      expect(["done", "cancelled"]).toContain(eradicate);
      await expectTrueBooks(harness);
      return meeting;
    }, 3);
  });
});

describe("taking back", () => {
  it("during the run: enabled again, and nothing of the plan goes on", async () => {
    await atEveryCall(async (at) => {
      const harness = await waiting();
      const { planId } = await harness.plan();
      await approve(harness.process, planId);
      const undo = async () => requestUndo(harness.tables, await findPlan(harness.tables, planId), bob);
      const meeting = await meet(harness, at, (one) => settle(harness.world, one, harness.clock.now()), undo);
      await harness.run(5 * minute);
      const isEnabled = harness.tenant.directory.servicePrincipals[0]?.accountEnabled;
      // before anything was done there is nothing to take back
      expect(isEnabled).toBe(!(meeting.second instanceof Error));
      const undos = (await harness.runs()).filter(({ playbook }) => playbook === "undo");
      expect(undos).toHaveLength(isEnabled ? 1 : 0);
      if (isEnabled)
        expect((await statuses(harness)).every((status) => ["undone", "cancelled"].includes(status))).toBe(true);
      return meeting;
    }, 2);
  });

  it("by two at once is done once, and the other is told by whom", async () => {
    await atEveryCall(async (at) => {
      const harness = await Harness.start();
      await leaked(harness);
      await harness.run(minute);
      const { planId } = await harness.plan();
      const undo =
        (word: typeof ada) =>
        async ({ services }: Pick<Process, "services">) =>
          requestUndo(services, await findPlan(services, planId), word);
      const meeting = await meet(harness, at, undo(ada), () => undo(bob)(harness.process));
      await harness.run(5 * minute);
      const refused = [meeting.first, meeting.second].filter((one) => one instanceof Error);
      expect(refused.map(String)).toEqual([expect.stringMatching(/taken back already, by plan .* as (ada|bob) asked/)]);
      expect(harness.lines().filter((line) => line.includes('"accountEnabled":true'))).toHaveLength(1);
      return meeting;
    });
  });
});

describe("dismissing", () => {
  /** later than what is known, and than any dismissal now */
  function another(harness: Harness): unknown {
    const { record, copy } = leak({ id: "another", at: harness.clock.now() + 1_000 });
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    return record;
  }

  it("against a finding that arrives: it is refused, or the finding opens the next incident", async () => {
    await atEveryCall(async (at) => {
      const harness = await waiting();
      const { incidentId } = await harness.plan();
      await harness.run(2 * minute);
      const record = another(harness);
      const dismiss = () => dismissIncident(harness.tables, incidentId, { ...bob, roles: admin });
      const meeting = await meet(harness, at, (one) => one.ingest([deliveryOf(harness.world, [record])]), dismiss);
      await expectOneStory(harness, meeting.second);
      return meeting;
    });
  });

  it("while a finding arrives in the middle of it", async () => {
    await atEveryCall(async (at) => {
      const harness = await waiting();
      const { incidentId } = await harness.plan();
      await harness.run(2 * minute);
      const record = another(harness);
      const dismiss = ({ services }: Process) => dismissIncident(services, incidentId, { ...bob, roles: admin });
      const meeting = await meet(harness, at, dismiss, () => harness.deliver(record));
      await expectOneStory(harness, meeting.first);
      return meeting;
    });
  });

  async function expectOneStory(harness: Harness, said: unknown): Promise<void> {
    await harness.run(minute);
    const isDismissed = !(said instanceof Error);
    expect(harness.events("incident.closed")).toHaveLength(isDismissed ? 1 : 0);
    const runs = await harness.runs();
    const open = runs.filter(({ stages }) => stages.some(({ status }) => !hasEnded(status)));
    const findings = harness.events("finding.created");
    const newest = findings.at(-1);
    const isOfDismissed = newest?.incidentId === runs.at(-1)?.incidentId;
    // dismissed after the finding was filed: it was among what the person dismissed; else it stands open
    expect(open.length).toBe(isDismissed && isOfDismissed ? 0 : 1);
  }
});

function addSecret(harness: Harness, keyId: string): void {
  harness.tenant.change(({ applications: [application] }) => {
    if (application === undefined) throw new Error("no application");
    application.passwordCredentials = [...application.passwordCredentials, { keyId, endDateTime: null }];
  });
}

describe("while a stage waits", () => {
  it("footholds added every second do not keep an approved containment from running", async () => {
    const harness = await waiting();
    for (let n = 0; n < 30; n++) {
      addSecret(harness, guid(5_000 + n));
      await harness.run(1_000);
    }
    await harness.decide("contain");
    addSecret(harness, guid(6_000));
    await harness.run();
    expect(harness.tenant.directory.servicePrincipals[0]?.accountEnabled).toBe(false);
  });

  it("what changed after the approval asks again for its own step alone, and the others run", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(15 * minute);
    await harness.decide("eradicate");
    const added = guid(7_000);
    addSecret(harness, added);
    await harness.run(minute);
    const { status, reasons, steps } = await harness.stage("eradicate");
    expect([status, reasons.join()]).toEqual(["waiting", expect.stringContaining(added)]);
    const open = steps.filter(({ outcome }) => outcome?.status === "awaiting-approval");
    expect(open.map(({ action, parameters }) => [action, parameters])).toEqual([
      ["remove-password-credentials", expect.objectContaining({ object: "application" })],
    ]);
    expect(steps.some(({ outcome }) => outcome?.status === "applied")).toBe(true);
    await harness.decide("eradicate");
    await harness.run(minute);
    expect((await harness.stage("eradicate")).status).toBe("done");
    expect(harness.tenant.directory.applications[0]?.passwordCredentials).toEqual([]);
    await expectTrueBooks(harness);
  });
});
