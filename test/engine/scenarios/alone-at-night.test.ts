/** An administrator contains alone at night, as the policy may allow: with a reason, loudly, and never more than that. */
import { describe, expect, it } from "vitest";
import { signatureOf } from "../../../shared/domain/caller.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import { decideStage } from "../../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { requestStart } from "../../../shared/engine/people/requests/start-by-person.ts";
import { Harness } from "../../support/harness.ts";
import { appId } from "../../support/harness-cast.ts";
import { policyWith, startProcess } from "../../support/harness-world.ts";
import { callerWith } from "../../support/principal.ts";

const ada = callerWith(["Tourniquet.Admin"], 1);
const by = signatureOf(ada);
const minute = 60_000;

/** The story begins at 09:45 UTC, which is 23:45 in Honolulu. */
const night = { from: "22:00", to: "06:00", timeZone: "Pacific/Honolulu" };

function nightly(alone: Policy["approvals"]["alone"] | null, change: Partial<Policy> = {}): Policy {
  const { approvals } = policyWith();
  return policyWith({ approvals: { ...approvals, ...(alone === null ? {} : { alone }) }, ...change });
}

async function started(policy: Policy): Promise<Harness> {
  const harness = await Harness.start(policy);
  const word = { by, reason: "I saw it myself", roles: ada.roles };
  await requestStart(harness.tables, "contain-compromised-identity", `appId:${appId}`, word);
  await harness.run();
  expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
  return harness;
}

async function approve(harness: Harness, as: typeof ada = ada, stage: "contain" | "eradicate" = "contain") {
  const found = await findPlan(harness.tables, (await harness.plan()).planId);
  const word = { by: signatureOf(as), reason: "nobody else is awake", roles: as.roles };
  return decideStage(harness.tables, found, stage, "approve", word);
}

function isDisabled(harness: Harness): boolean {
  return harness.tenant.directory.servicePrincipals[0]?.accountEnabled === false;
}

describe("alone at night", () => {
  it("an administrator contains what they asked for, and it shows everywhere", async () => {
    const harness = await started(nightly(night));
    expect(await approve(harness)).toMatchObject({ alone: true });
    await harness.run();
    expect(isDisabled(harness)).toBe(true);
    expect(await harness.stage("contain")).toMatchObject({ alone: true, decidedBy: expect.stringMatching(/ALONE/) });
    expect(harness.events("stage.approved-alone")).toMatchObject([
      { urgency: "page", data: { reason: "nobody else is awake" } },
    ]);
    const { identity, incidentId } = await harness.plan();
    const rows = await harness.tables.stores.identities.entries(identity, incidentId);
    const given = rows
      .map(({ value }) => value as { event: string; data: unknown })
      .filter(({ event }) => event === "decision.given");
    expect(given).toMatchObject([{ data: { alone: true } }]);
    await harness.run(10 * minute);
    await expect(approve(harness, ada, "eradicate")).rejects.toThrow(/somebody else must/);
  });

  it.each<[string, Policy, typeof ada]>([
    ["by day", nightly({ ...night, from: "00:00", to: "06:00" }), ada],
    ["where the policy says nothing of nights", nightly(null), ada],
    ["to somebody who is no administrator", nightly(night), { ...ada, roles: ["Tourniquet.Approver"] }],
  ])("is not allowed %s", async (_when, policy, as) => {
    const harness = await started(policy);
    await expect(approve(harness, as)).rejects.toThrow(/asked for this plan and cannot approve it/);
    expect(isDisabled(harness)).toBe(false);
  });

  it("is one of two where two are needed", async () => {
    const harness = await started(nightly(night, { protected: { ...policyWith().protected, tier0: [appId] } }));
    await approve(harness);
    await harness.run();
    expect(isDisabled(harness)).toBe(false);
    await approve(harness, callerWith(["Tourniquet.Admin"], 2));
    await harness.run();
    expect(isDisabled(harness)).toBe(true);
  });

  it("holds by the time at which it was signed, as the writer checks by its own policy", async () => {
    const harness = await started(nightly(night));
    await approve(harness);
    harness.world.policy = nightly({ ...night, from: "00:00", to: "06:00" });
    harness.process = startProcess(harness.world);
    await harness.run();
    expect(isDisabled(harness)).toBe(false);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/asked for it and cannot approve it/);
  });
});
