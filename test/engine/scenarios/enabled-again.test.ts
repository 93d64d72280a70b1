/** What we disabled is enabled again: by whom decides whether a machine may contain it once more. */
import { describe, expect, it } from "vitest";
import { audit, type Raw, target } from "../../records/build.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { appId, iso, leak, servicePrincipalId } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const names = { displayName: "TargetId.ServicePrincipalNames", oldValue: null, newValue: JSON.stringify(appId) };
const flip = { displayName: "AccountEnabled", oldValue: "[false]", newValue: "[true]" };
const helpdesk: Raw = { user: { id: "9d8001cb-a159-4252-a3a1-c2dc689f322a", userPrincipalName: "h@example.com" } };
const thief: Raw = {
  app: { appId: null, displayName: "x", servicePrincipalId: "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11" },
};
const again = policyWith();
const asking = policyWith({
  detections: { ...policyWith().detections, "containment-undone": { max: "approve", require: [] } },
});

async function contained(policy = policyWith()): Promise<Harness> {
  const harness = await Harness.start(policy);
  await leaked(harness);
  await harness.run(3 * minute);
  return harness;
}

function isOn({ tenant }: Harness): boolean {
  return tenant.directory.servicePrincipals.some(
    ({ id, accountEnabled }) => id === servicePrincipalId && accountEnabled,
  );
}

/** In the tenant, in its audit log and on the hub. */
async function enable(harness: Harness, by: Raw, id = "on-1"): Promise<void> {
  const said = { id, activityDateTime: iso(harness.clock.now()), initiatedBy: by };
  const record = audit(
    { ...said, targetResources: [target("ServicePrincipal", servicePrincipalId, flip, names)] },
    "Update service principal",
  );
  harness.tenant.change((directory) => {
    const own = directory.servicePrincipals.find((one) => one.id === servicePrincipalId);
    if (own !== undefined) own.accountEnabled = true;
    const targetResources = [{ id: servicePrincipalId }];
    const copy = { ...(record.properties as Raw), activityDisplayName: "Update service principal" };
    directory.audits.push({ id, activityDateTime: said.activityDateTime, targetResources, ...copy });
  });
  await harness.deliver(record);
  await harness.run(minute);
}

describe("what is enabled again", () => {
  it("by an administrator is asked about, and left, however loudly the old risk permits a disable", async () => {
    const harness = await contained(again);
    await enable(harness, helpdesk);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/enabled-again: .*user 9d8001cb.*may be right/);
    const { record, copy } = leak({ id: "detection-2", at: harness.clock.now() });
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    await harness.deliver(record);
    await harness.run(60 * minute);
    expect(isOn(harness)).toBe(true);
    expect(harness.lines()).toHaveLength(1);
    await harness.decide("contain");
    await harness.run();
    expect(isOn(harness)).toBe(false);
  });

  it("by a workload is asked about where the policy says so", async () => {
    const harness = await contained(asking);
    await enable(harness, thief);
    expect((await harness.stage("contain")).status).toBe("waiting");
    expect(isOn(harness)).toBe(true);
  });

  it("by a workload is disabled once more as the policy is shipped, and once only", async () => {
    const harness = await contained(again);
    await enable(harness, thief);
    expect(isOn(harness)).toBe(false);
    await harness.run(10 * minute);
    await enable(harness, thief, "on-2");
    expect((await harness.stage("contain")).reasons.join()).toContain("within 30 days already");
    expect(isOn(harness)).toBe(true);
  });
});
