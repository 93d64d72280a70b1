/** A playbook that a person starts: signed, resolved by the writer, and decided by somebody else. */
import { beforeEach, describe, expect, it } from "vitest";
import { decideStage } from "../../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { requestStart } from "../../../shared/engine/people/requests/start-by-person.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { appId, applicationId, guid, servicePrincipalId } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const eve = { by: "eve", reason: "looks wrong" };
let harness: Harness;

beforeEach(async () => {
  harness = await Harness.start(policyWith({ mode: "enforce" }));
});

async function start(playbook: string, identity = `appId:${appId}`): Promise<void> {
  await requestStart(harness.tables, playbook, identity, eve);
  await harness.run(minute);
}

function isDisabled(): boolean {
  return harness.tenant.directory.servicePrincipals[0]?.accountEnabled === false;
}

describe.each([
  ["its appId", `appId:${appId}`],
  ["the object id of its service principal", servicePrincipalId],
  ["the object id of its application", applicationId],
])("asked for by %s", (_by, identity) => {
  it("makes a plan that waits for anybody but the one who asked, and then runs", async () => {
    await start("revoke-tokens", identity);
    const { planId, requestedBy, stages } = await harness.plan("revoke-tokens");
    expect(requestedBy).toBe("eve");
    expect(stages.map(({ status }) => status)).toEqual(["waiting", "pending"]);
    const found = await findPlan(harness.tables, planId);
    await expect(decideStage(harness.tables, found, "contain", "approve", eve)).rejects.toThrow(/eve asked for/);
    await harness.decide("contain");
    await harness.run(minute);
    expect(isDisabled()).toBe(true);
    expect((await harness.stage("contain", "revoke-tokens")).decidedBy).toMatch(/^ada /);
  });
});

describe("is refused", () => {
  it.each([
    ["remove-added-credential", `appId:${appId}`, /answers findings only.*contain-compromised-identity/],
    ["set-tenant-on-fire", `appId:${appId}`, /does not exist; these can be started/],
    ["revoke-tokens", "Billing export", /names decide nothing/],
    ["revoke-tokens", "appId:no-guid", /neither appId:GUID nor the GUID/],
  ])("at once for %s of %s", async (playbook, identity, why) => {
    await expect(requestStart(harness.tables, playbook, identity, eve)).rejects.toThrow(why);
    expect(await harness.runs()).toEqual([]);
  });

  it.each([
    [
      "for a kind that the playbook is not for",
      "cut-off-managed-identity",
      `appId:${appId}`,
      /not for a home-single-tenant/,
    ],
    ["for an object that is nobody's", "revoke-tokens", guid(999), /no service principal and no application/],
  ])("by the writer, aloud, %s", async (_when, playbook, identity, why) => {
    await start(playbook, identity);
    await harness.run(120 * minute);
    expect(harness.events("start.refused").map(({ message }) => message)).toEqual([expect.stringMatching(why)]);
    expect(await harness.runs()).toEqual([]);
    expect(harness.tenant.writes).toEqual([]);
  });

  it("when somebody edited the request after it was signed", async () => {
    await requestStart(harness.tables, "revoke-tokens", `appId:${appId}`, eve);
    harness.editRow("start|", (row) => ({
      ...row,
      payload: String(row.payload).replace("revoke-tokens", "dismiss-and-restore"),
    }));
    await harness.run(minute);
    expect(await harness.runs()).toEqual([]);
  });
});

it("waits for the second person although evidence of the same incident lets the machine act by itself", async () => {
  await leaked(harness);
  expect(isDisabled()).toBe(true);
  harness.tenant.change(({ servicePrincipals: [principal] }) => {
    if (principal !== undefined) principal.accountEnabled = true;
  });
  await start("revoke-tokens");
  expect((await harness.stage("contain", "revoke-tokens")).status).toBe("waiting");
  expect(harness.tenant.writes).toHaveLength(1);
});

it("what one person asked for is no evidence for the plans of others", async () => {
  harness = await Harness.start(policyWith({ mode: "observe" }));
  await leaked(harness);
  await start("revoke-tokens");
  await harness.run(minute);
  expect((await harness.stage("contain", "contain-compromised-identity")).status).toBe("observed");
});

describe("dismiss-and-restore", () => {
  it("dismisses on a second person's word, then takes back everything of the incident", async () => {
    await leaked(harness);
    await start("dismiss-and-restore");
    expect(isDisabled()).toBe(true);
    const { stages } = await harness.plan("dismiss-and-restore");
    expect(stages.map(({ stage, status }) => [stage, status])).toEqual([
      ["eradicate", "waiting"],
      ["undo", "pending"],
    ]);
    const found = await findPlan(harness.tables, (await harness.plan("dismiss-and-restore")).planId);
    await decideStage(harness.tables, found, "eradicate", "approve", { by: "ada", reason: "the owner confirmed it" });
    await harness.run(5 * minute);
    expect(isDisabled()).toBe(false);
    expect((await harness.stage("contain", "contain-compromised-identity")).status).toBe("undone");
  });

  it("takes nothing back when the second person denies it", async () => {
    await leaked(harness);
    await start("dismiss-and-restore");
    const found = await findPlan(harness.tables, (await harness.plan("dismiss-and-restore")).planId);
    await decideStage(harness.tables, found, "eradicate", "deny", { by: "ada", reason: "it is no false positive" });
    await harness.run(5 * minute);
    expect(isDisabled()).toBe(true);
    expect((await harness.stage("undo", "dismiss-and-restore")).status).toBe("cancelled");
  });
});
