/** Whoever edits the tables copies what somebody signed to where it says something else: nothing is written on its word. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { appId, servicePrincipalId, tenantId } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const neighbour = {
  appId: "aaaaaaaa-0000-4000-8000-000000000001",
  servicePrincipalId: "aaaaaaaa-0000-4000-8000-000000000002",
  applicationId: "aaaaaaaa-0000-4000-8000-000000000003",
};

describe("a signed row in another place", () => {
  it("is no plan, and no approval, for another identity", async () => {
    const harness = await Harness.start(
      policyWith({ stages: { contain: "approve", eradicate: "approve", retire: "observe" } }),
    );
    harness.tenant.change(({ servicePrincipals, applications }) => {
      const [principal, application] = [servicePrincipals[0], applications[0]];
      if (principal === undefined || application === undefined) throw new Error("an empty directory");
      const { applicationId, ...ids } = neighbour;
      servicePrincipals.push({ ...structuredClone(principal), id: ids.servicePrincipalId, appId: ids.appId });
      applications.push({ ...structuredClone(application), id: applicationId, appId: ids.appId });
    });
    await leaked(harness);
    await harness.decide("contain");
    const { identity, planId } = await harness.plan();
    const to = identityKey(tenantId, neighbour.appId);
    const copies = [...(harness.world.data.identities.get(identity) ?? [])].map(([key, row]) => {
      const isSigned = /^(plan|approval)\|/.test(key);
      const forged = row.json
        .replaceAll(appId, neighbour.appId)
        .replaceAll(servicePrincipalId, neighbour.servicePrincipalId);
      return [key, isSigned ? row : { ...row, json: forged }] as const;
    });
    harness.world.data.identities.set(to, new Map(copies));
    harness.world.hub.push({ kind: "stage", identity: to, planId, stage: "contain", verifies: false });
    await harness.run(120_000);
    expect(harness.tenant.directory.servicePrincipals[1]?.accountEnabled).toBe(true);
    expect(harness.events("plan.altered")).toHaveLength(1);
  });
});

describe("a wake-up that somebody sent to the hub", () => {
  it("takes no finding from an identity that is known", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(2 * 3600_000);
    const { identity } = await harness.plan();
    const findings = () =>
      [...(harness.world.data.identities.get(identity)?.keys() ?? [])].filter((key) => key.startsWith("finding|"));
    const before = findings();
    harness.world.hub.push({ kind: "resolve", identity });
    await harness.run(60_000);
    expect(findings()).toEqual(before);
    expect(before).toHaveLength(1);
  });
});
