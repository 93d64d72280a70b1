/** What a person starts and stops over the API: from the wish to the plan, and from the plan to its end. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Caller } from "../../../shared/domain/caller.ts";
import { apiOn, apiServices, type CallApi } from "../../support/api.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { appId, keyA, servicePrincipalId } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";
import { callerWith } from "../../support/principal.ts";

const minute = 60_000;
const eve = callerWith(["Tourniquet.Operator"], 1);
const ada = callerWith(["Tourniquet.Approver"], 2);
const root = callerWith(["Tourniquet.Admin"], 3);
const reason = "it is bad";
let harness: Harness;
let call: CallApi;

async function at(policy = policyWith({ mode: "approve" })): Promise<void> {
  harness = await Harness.start(policy);
  call = apiOn(apiServices(harness.process.services));
}

beforeEach(() => at());

const start = (body: object, as = eve, id = `appId:${appId}`, headers = {}) =>
  call("POST", `/identities/${id}/runs`, { as, body: { reason, ...body }, headers });

describe("starting", () => {
  it.each([`appId:${appId}`, servicePrincipalId])(
    "by %s leads to the request, and from there to the plan, which carries the parameters",
    async (id) => {
      const parameters = { application: { secrets: [keyA.toUpperCase()], certificates: [] } };
      const answer = await start({ playbook: "remove-named-credentials", parameters }, eve, id);
      expect(answer.status).toBe(202);
      const { location = "" } = answer.headers;
      const before = await call("GET", location.replace("/api", ""), { as: eve });
      expect(before.body).toMatchObject({ state: "waiting", planId: null, mode: "approve" });
      await harness.run(minute);
      const after = await call("GET", location.replace("/api", ""), { as: eve });
      const plan = await harness.plan("remove-named-credentials");
      expect(after.body).toMatchObject({ state: "planned", planId: plan.planId, incidentId: plan.incidentId });
      expect(plan.stages[0]).toMatchObject({ stage: "eradicate", status: "waiting" });
      expect(plan.stages[0]?.steps.map((step) => step.parameters)).toEqual([
        { object: "application", objectId: null, keyIds: [keyA] },
      ]);
    },
  );

  it("removes exactly what was named, once another person approved it", async () => {
    await start({ playbook: "remove-named-credentials", parameters: { application: { secrets: [keyA] } } });
    await harness.run(minute);
    await harness.decide("eradicate");
    await harness.run(minute);
    expect(harness.lines()).toEqual([expect.stringMatching(new RegExp(`removePassword .*${keyA}`))]);
  });

  it.each([
    [{}, "body.parameters"],
    [{ application: { secrets: ["no guid"] } }, "body.parameters.application.secrets.0"],
    [{ application: { secrets: [keyA], key: 1 } }, "body.parameters.application"],
  ])("refuses parameters %j by name, and writes nothing", async (parameters, where) => {
    const answer = await start({ playbook: "remove-named-credentials", parameters });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ where }] } });
    await harness.run(minute);
    expect(await harness.runs()).toEqual([]);
  });

  it("refuses what cannot be started, and says what can", async () => {
    const answer = await start({ playbook: "remove-added-credential" });
    expect(answer).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/can be started: .*revoke-tokens/) },
    });
  });

  it("under one Idempotency-Key is one request, and under the same key another wish is refused", async () => {
    const headers = { "idempotency-key": "0f8fad5b-d9cb-469f-a165-70867728950e" };
    const first = await start({ playbook: "revoke-tokens" }, eve, undefined, headers);
    const again = await start({ playbook: "revoke-tokens" }, eve, undefined, headers);
    expect(again).toMatchObject({ status: 202, headers: { location: first.headers.location } });
    expect((await start({ playbook: "contain-agent" }, eve, undefined, headers)).status).toBe(422);
    await harness.run(minute);
    expect(await harness.runs()).toHaveLength(1);
  });

  it("as a dry run shows what would be sent, and leaves nothing open", async () => {
    const { headers } = await start({ playbook: "revoke-tokens", dryRun: true });
    await harness.run(2 * minute);
    const { body } = await call("GET", (headers.location ?? "").replace("/api", ""), { as: eve });
    expect(body).toMatchObject({ state: "planned", mode: "observe" });
    const { stages } = await harness.plan("revoke-tokens");
    expect(stages[0]).toMatchObject({ status: "done", steps: [{ outcome: { status: "would-apply" } }] });
    expect(harness.tenant.writes).toEqual([]);
    expect(harness.events("incident.closed")).toHaveLength(1);
  });
});

describe("an identity of tier 0", () => {
  const tierZero = () => {
    const policy = policyWith({ mode: "approve" });
    return at({ ...policy, protected: { ...policy.protected, tier0: [servicePrincipalId] } });
  };

  it("known by the id that was said is refused at once, but to administrators", async () => {
    await tierZero();
    const answer = await start({ playbook: "revoke-tokens" }, eve, servicePrincipalId);
    expect(answer).toMatchObject({ status: 403, body: { detail: expect.stringMatching(/outranks/) } });
    expect((await start({ playbook: "revoke-tokens" }, root, servicePrincipalId)).status).toBe(202);
  });

  it("that turns out to be one is refused by the writer, aloud, and from then on at once", async () => {
    await tierZero();
    const { headers } = await start({ playbook: "revoke-tokens" });
    await harness.run(minute);
    const { body } = await call("GET", (headers.location ?? "").replace("/api", ""), { as: eve });
    expect(body).toMatchObject({ state: "refused", why: expect.stringMatching(/ask an administrator/) });
    expect(harness.events("start.refused")).toHaveLength(1);
    expect(await harness.runs()).toEqual([]);
  });

  it("is not for others to dismiss", async () => {
    await tierZero();
    await leaked(harness);
    const { incidentId } = await harness.plan();
    const dismiss = (as: Caller) => call("POST", `/incidents/${incidentId}/dismiss`, { as, body: { reason } });
    expect((await dismiss(ada)).status).toBe(403);
    expect((await dismiss(root)).status).toBe(200);
  });
});

describe("stopping", () => {
  const cancel = (planId: string) => call("POST", `/runs/${planId}/cancel`, { as: eve, body: { reason } });
  const dismiss = (id: string) => call("POST", `/incidents/${id}/dismiss`, { as: ada, body: { reason } });
  const revert = (planId: string, body = {}) =>
    call("POST", `/runs/${planId}/revert`, { as: eve, body: { reason, ...body } });

  it("calls a plan off once; the second time says by whom", async () => {
    await leaked(harness);
    const { planId } = await harness.plan();
    expect((await cancel(planId)).body).toMatchObject({ stages: [{ status: "waiting" }, { status: "pending" }] });
    expect(await cancel(planId)).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/person1@/) } });
    await harness.run(minute);
    const { stages } = await harness.plan();
    expect(stages.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
    expect(stages[0]?.reasons.join()).toMatch(/person1@contoso.example .* called it off/);
    expect((await cancel(planId)).status).toBe(409);
  });

  it("takes back what was done, after it was shown, and a second time there is nothing", async () => {
    await at(policyWith({ mode: "enforce" }));
    await leaked(harness);
    const { planId } = await harness.plan();
    const shown = await revert(planId, { dryRun: true });
    expect(shown.body).toMatchObject({ planId: null, takes: [{ index: 0, action: "disable-service-principal" }] });
    expect(await harness.runs()).toHaveLength(1);
    expect((await revert(planId, { step: 99 })).status).toBe(404);
    expect((await revert(planId)).body).toMatchObject({ planId: expect.stringMatching(/^[\w-]{22}$/) });
    expect(await revert(planId)).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/already/) } });
    await harness.run(minute);
    expect(harness.tenant.directory.servicePrincipals[0]?.accountEnabled).toBe(true);
    expect(await revert(planId)).toMatchObject({ status: 409, body: { type: expect.stringMatching(/nothing-done/) } });
  });

  it("dismisses an incident, names what stays and how to take it back, and does it once", async () => {
    await at(policyWith({ mode: "enforce" }));
    await leaked(harness);
    await harness.run(15 * minute);
    const { planId, incidentId } = await harness.plan();
    expect((await dismiss(incidentId)).body).toMatchObject({
      cancelled: [{ planId, stage: "eradicate" }],
      stays: [{ planId, steps: 1, revert: `/runs/${planId}/revert` }],
    });
    expect(harness.tenant.directory.servicePrincipals[0]?.accountEnabled).toBe(false);
    expect(await dismiss(incidentId)).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/closed already/) },
    });
    expect((await dismiss("A".repeat(22))).status).toBe(404);
    expect((await revert(planId)).status).toBe(200);
  });

  it("does not dismiss while something is being written, and says what to do", async () => {
    await leaked(harness);
    const { planId, incidentId } = await harness.plan();
    harness.tenant.faults.push({
      method: "PATCH",
      path: "/servicePrincipals",
      times: 1,
      answer: { retryAfterMs: minute },
    });
    await harness.decide("contain");
    await harness.run();
    expect((await harness.stage("contain")).status).toBe("running");
    expect(await dismiss(incidentId)).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/cancel the plan first/) },
    });
    await cancel(planId);
    await harness.run(5 * minute);
    expect((await harness.stage("contain")).status).toBe("cancelled");
    expect((await dismiss(incidentId)).status).toBe(200);
    expect(harness.tenant.directory.servicePrincipals[0]?.accountEnabled).toBe(true);
  });
});
