/** A dry run: it says exactly what a run would send, writes nothing, ends by itself, and is in nobody's way. */
import { beforeEach, describe, expect, it } from "vitest";
import { findRequest } from "../../../shared/engine/people/requests/find-request.ts";
import { requestStart } from "../../../shared/engine/people/requests/start-by-person.ts";
import { parseWoken, runDue } from "../../../shared/engine/run/run-due.ts";
import { sweep } from "../../../shared/engine/run/sweep.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { appId } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const eve = { by: "eve", reason: "what would it do?" };
let harness: Harness;

beforeEach(async () => {
  harness = await Harness.start(policyWith({ mode: "enforce" }));
});

async function ask(playbook: string, mode: "observe" | "approve" = "observe"): Promise<string> {
  const { requestId } = await requestStart(harness.tables, playbook, `appId:${appId}`, { ...eve, mode });
  await harness.run(minute);
  return requestId;
}

function requestsOf(playbook: string) {
  return harness
    .plan(playbook)
    .then(({ stages }) => stages.flatMap(({ steps }) => steps.flatMap(({ requests }) => requests)));
}

describe("of a containment", () => {
  it("shows the very requests that the run then sends, stage by stage, and sends none", async () => {
    await ask("contain-compromised-identity");
    const { stages } = await harness.plan("contain-compromised-identity");
    expect(stages.map(({ stage, status, mode }) => [stage, status, mode])).toEqual([
      ["contain", "done", "observe"],
      ["eradicate", "done", "observe"],
    ]);
    const outcomes = stages.flatMap(({ steps }) => steps.map(({ outcome }) => outcome?.status));
    expect(outcomes).toContain("would-apply");
    expect(outcomes).not.toContain("applied");
    expect(harness.tenant.writes).toEqual([]);
    const shown = await requestsOf("contain-compromised-identity");

    const real = await Harness.start(policyWith({ mode: "enforce" }));
    await leaked(real);
    await real.run(15 * minute);
    await real.decide("eradicate");
    await real.run(15 * minute);
    const sent = (await real.plan()).stages.flatMap(({ steps }) => steps.flatMap(({ requests }) => requests));
    expect(shown).toEqual(sent);
  });

  it("opens no incident that lasts, pages nobody, and uses no place in the blast radius", async () => {
    await ask("contain-compromised-identity");
    await harness.run(minute);
    expect(harness.events("incident.closed")).toHaveLength(1);
    expect(harness.world.told.filter(({ urgency }) => urgency === "page")).toEqual([]);
    const held = await harness.tables.stores.reservations.reserve(
      harness.world.policy.tenantId,
      { planId: "probe", playbook: "x", at: harness.clock.now(), fresh: false },
      () => false,
    );
    expect(held.held).toEqual([]);
  });

  it("says beside it what a run would meet", async () => {
    await ask("contain-compromised-identity");
    const { reasons } = await harness.stage("contain", "contain-compromised-identity");
    expect(reasons.join()).toMatch(/asked-mode: a dry run was asked for/);
    expect(reasons.join()).toMatch(/approval-needed/);
  });

  it("ends although Graph never answers, without a page, and says that it does not know", async () => {
    const { requestId } = await requestStart(harness.tables, "revoke-tokens", `appId:${appId}`, {
      ...eve,
      mode: "observe",
    });
    const { services, writer } = harness.process;
    await sweep(services);
    const woken = parseWoken(services, harness.world.hub.splice(0));
    await runDue(writer, woken);
    expect((await findRequest(harness.tables, requestId)).outcome?.state).toBe("planned");
    harness.tenant.faults.push({ method: "GET", path: "/", answer: { retryAfterMs: 1_000 } });
    await harness.run(60 * minute);
    const { stages } = await harness.plan("revoke-tokens");
    expect(stages.map(({ status }) => status)).toEqual(["done", "done"]);
    expect(stages[0]?.steps[0]?.outcome).toMatchObject({
      status: "deferred",
      reason: expect.stringMatching(/not known/),
    });
    expect(harness.world.told.filter(({ urgency }) => urgency === "page")).toEqual([]);
  });
});

describe("beside what is meant", () => {
  it("keeps no later plan from any step, and nothing that was done keeps a step from being shown", async () => {
    await ask("contain-compromised-identity");
    await leaked(harness);
    expect(harness.tenant.directory.servicePrincipals[0]?.accountEnabled).toBe(false);
    const before = (await harness.plan("contain-compromised-identity")).stages.map(({ steps }) => steps.length);
    await ask("contain-compromised-identity");
    const { stages, requestedBy } = await harness.plan("contain-compromised-identity");
    expect(requestedBy).toBe("eve");
    expect(stages.map(({ steps }) => steps.length)).toEqual(before);
    expect(stages[0]?.steps[0]?.outcome?.status).toBe("already-in-place");
    expect(harness.tenant.writes).toHaveLength(1);
  });

  it("stays what it is when evidence comes that would let the machine act, and leaves the incident open to that", async () => {
    await requestStart(harness.tables, "revoke-tokens", `appId:${appId}`, { ...eve, mode: "observe" });
    await leaked(harness);
    await harness.run(20 * minute);
    const { stages } = await harness.plan("revoke-tokens");
    expect(stages.map(({ status }) => status)).toEqual(["done", "done"]);
    expect((await harness.stage("contain", "contain-compromised-identity")).status).toBe("done");
    expect(harness.events("incident.closed")).toEqual([]);
    expect(harness.lines().filter((line) => line.startsWith("PATCH"))).toHaveLength(1);
  });

  it("of taking everything back takes nothing back", async () => {
    await leaked(harness);
    await ask("dismiss-and-restore");
    const { stages } = await harness.plan("dismiss-and-restore");
    expect(stages.map(({ stage, status }) => [stage, status])).toEqual([
      ["eradicate", "done"],
      ["undo", "done"],
    ]);
    expect(stages[1]?.steps[0]?.requests).toEqual([expect.stringMatching(/^PATCH .*"accountEnabled":true/)]);
    expect(harness.tenant.writes).toHaveLength(1);
    expect((await harness.stage("contain", "contain-compromised-identity")).status).toBe("done");
  });
});

it("cannot be made a run by editing its rows", async () => {
  await requestStart(harness.tables, "revoke-tokens", `appId:${appId}`, { ...eve, mode: "observe" });
  harness.editRow("start|", (row) => ({ ...row, payload: String(row.payload).replace("observe", "approve") }));
  await harness.run(minute);
  expect(await harness.runs()).toEqual([]);
  await ask("revoke-tokens");
  harness.editRow("plan|", (row) => ({ ...row, payload: String(row.payload).replace('"mode":"observe",', "") }));
  harness.editRow("stage|", (row) => ({ ...row, status: "pending" }));
  harness.editRow("finding|", (row) => ({ ...row, finding: { ...(row.finding as object), ceiling: "enforce" } }));
  const [plan] = await harness.runs();
  harness.world.hub.push({
    kind: "stage",
    identity: plan?.identity,
    planId: plan?.planId,
    stage: "contain",
    verifies: false,
  });
  await harness.run(minute);
  expect(harness.tenant.writes).toEqual([]);
  expect(harness.events("plan.altered")).toHaveLength(1);
});
