/** Records that would turn us against somebody: our own, the platform, the protected, or the wrong one of two. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import type { FakeTenant } from "../../support/fake-tenant.ts";
import { Harness, leaked } from "../../support/harness.ts";
import {
  added,
  addIdentity,
  another,
  appId,
  applicationId,
  credentialAdded,
  leak,
  riskyRecord,
  self,
  servicePrincipalId,
  tenantId,
} from "../../support/harness-cast.ts";
import { hour, policyWith, readDependencies } from "../../support/harness-world.ts";

const minute = 60_000;
const stranger = "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11";

function disabled(tenant: FakeTenant): number {
  return tenant.directory.servicePrincipals.filter((one) => one.accountEnabled === false).length;
}

describe("records that would turn us against somebody", () => {
  it.each([
    ["our own identity", { appId: self.appId, servicePrincipalId: self.servicePrincipalId }, {}],
    ["Microsoft Graph", { appId: "00000003-0000-0000-c000-000000000000" }, {}],
    ["a first-party principal", another(1), { appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" }],
  ])("never disables %s, even on a true risk", async (_who, ids, change) => {
    const harness = await Harness.start();
    const victim = { ...another(1), ...ids };
    await readDependencies(harness.world, [victim.appId]);
    const { record, copy } = leak({ id: "detection-1", ...victim });
    harness.tenant.change((directory) => {
      addIdentity(directory, victim, change);
      directory.riskDetections.push(copy);
    });
    await harness.deliver(record);
    await harness.run(2 * hour);
    expect(harness.tenant.writes).toEqual([]);
    expect([...harness.events("stage.blocked"), ...harness.events("plan.cancelled")]).toHaveLength(1);
  });

  it.each([
    [{ never: [applicationId], ask: [] }, "blocked"],
    [{ never: [], ask: [servicePrincipalId] }, "waiting"],
  ])("protects what the policy protects: %j", async (list, status) => {
    const harness = await Harness.start(policyWith({ protected: { ...policyWith().protected, ...list } }));
    await leaked(harness);
    await harness.run(hour);
    expect(harness.tenant.writes).toEqual([]);
    expect((await harness.stage("contain")).status).toBe(status);
  });

  it("keeps another tenant's record as a dead letter", async () => {
    const harness = await Harness.start();
    const { record } = leak();
    const foreign = JSON.parse(JSON.stringify(record).replaceAll(tenantId, stranger));
    await harness.deliver(foreign);
    expect(await harness.tables.stores.deadLetters.list(tenantId, 10)).toMatchObject([{ reason: "other-tenant" }]);
    expect(await harness.runs()).toEqual([]);
  });

  it("blocks a plan whose only record pairs the victim's appId with somebody else's object", async () => {
    const harness = await Harness.start();
    harness.tenant.change((directory) => addIdentity(directory, another(1)));
    await harness.deliver(leak({ servicePrincipalId: another(1).servicePrincipalId }).record);
    await harness.run(minute);
    expect(harness.tenant.writes).toEqual([]);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/identity: .*as the record claims/);
  });

  it.each(["before", "after"])(
    "a forged pair of ids %s the true record is no veto of the containment",
    async (when) => {
      const harness = await Harness.start();
      harness.tenant.change((directory) => addIdentity(directory, another(1)));
      const forged = leak({ id: "forged", servicePrincipalId: another(1).servicePrincipalId }).record;
      if (when === "before") await harness.deliver(forged);
      await leaked(harness);
      if (when === "after") await harness.deliver(forged);
      await harness.run(5 * minute);
      const [principal] = harness.tenant.directory.servicePrincipals;
      expect(principal).toMatchObject({ id: servicePrincipalId, accountEnabled: false });
      expect(disabled(harness.tenant)).toBe(1);
      expect((await harness.stage("contain")).verification?.state).toBe("verified");
    },
  );

  it("a forged pair of ids does not lead later records of the victim astray", async () => {
    const harness = await Harness.start();
    harness.tenant.change((directory) => addIdentity(directory, another(1)));
    await harness.deliver(riskyRecord({ appId: another(1).appId, servicePrincipalId }));
    const { record, copy } = credentialAdded({ object: "ServicePrincipal" });
    harness.tenant.change((directory) => directory.audits.push(copy));
    await harness.deliver(record);
    await harness.run(minute);
    const plan = await harness.plan("remove-added-credential", identityKey(tenantId, appId));
    expect(plan.stages[0]?.steps[0]?.parameters).toMatchObject({ objectId: servicePrincipalId, keyIds: [added] });
  });
});
