/** A leak that comes after its key was rotated away, with the rotation in the same incident: over, but only where it was one. */
import { describe, expect, it } from "vitest";
import { keyA, keys, type Raw } from "../../records/build.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { added, credentialAdded, guid, servicePrincipalId, startAt } from "../../support/harness-cast.ts";
import { day, hour } from "../../support/harness-world.ts";
import { signedIn } from "../../support/learning.ts";

function disabled({ tenant }: Harness): number {
  return tenant.directory.servicePrincipals.filter((one) => one.accountEnabled === false).length;
}

describe("a leak whose key was rotated away in the same incident", () => {
  const rotated = async (
    change: Parameters<typeof credentialAdded>[0] = {},
    actor: object = byOwner,
    use: Raw | null = null,
  ): Promise<Harness> => {
    const harness = await Harness.start();
    const since = [20, 10, 1].map((ago) => signedIn(startAt - ago * day));
    if (use !== null) await harness.deliver(...since);
    harness.tenant.change(({ applications: [application] }) => {
      if (application !== undefined) application.passwordCredentials = application.passwordCredentials.slice(1);
    });
    const rotation = { before: keys([keyA]), after: keys([keyA], [added]), at: startAt - hour };
    const { record, copy } = credentialAdded({ ...rotation, ...change });
    Object.assign(Object(record.properties), { initiatedBy: actor });
    const whole = Object.assign(copy, record.properties, { activityDisplayName: record.operationName });
    harness.tenant.change(({ audits }) => audits.push(whole));
    await harness.deliver(record);
    if (use !== null) await harness.deliver(use);
    await harness.run();
    await leaked(harness);
    return harness;
  };
  const byOwner = { user: { id: guid(70), userPrincipalName: "olga@contoso.example" }, app: null };
  const byItself = { user: null, app: { servicePrincipalId, appId: null, displayName: "Payroll" } };

  it("stops nobody and asks nobody, and the incident says why it closed", async () => {
    const harness = await rotated();
    const [leakPlan] = (await harness.runs()).filter(({ playbook }) => playbook === "contain-compromised-identity");
    expect(leakPlan?.stages[0]?.reasons.join()).toMatch(/^already-remediated: every leaked credential is gone[^;]*$/);
    await harness.run(80 * hour);
    expect(disabled(harness)).toBe(0);
    expect(harness.events("stage.awaiting-approval")).toEqual([]);
    expect(harness.events("incident.closed")[0]?.message).toMatch(/every leaked credential is gone/);
  });

  const firstUse = (change: Raw = {}) =>
    signedIn(startAt - hour + 60_000, { servicePrincipalCredentialKeyId: added, ...change });

  it("stops nobody either when the new key was used from where the identity always signs in", async () => {
    const harness = await rotated({}, byOwner, firstUse());
    const detections = harness.events("finding.created").map(({ data }) => data.detection);
    expect(detections).toContain("credential-used-at-once");
    await harness.run(80 * hour);
    expect(disabled(harness)).toBe(0);
    expect(harness.events("stage.awaiting-approval")).toEqual([]);
    expect(harness.events("incident.closed")[0]?.message).toMatch(/every leaked credential is gone/);
  });

  it("asks when the new key was used from elsewhere, for that may be the thief's", async () => {
    const elsewhere = { ipAddress: "198.51.100.7", autonomousSystemNumber: 64511, location: { countryOrRegion: "NL" } };
    const harness = await rotated({}, byOwner, firstUse(elsewhere));
    expect(harness.events("finding.created").map(({ data }) => data.detection)).toContain("credential-used-at-once");
    await harness.run(hour);
    expect(disabled(harness)).toBe(0);
    expect(harness.events("stage.awaiting-approval").length).toBeGreaterThan(0);
  });

  it.each<[string, Parameters<typeof credentialAdded>[0], object]>([
    ["when the identity added the new one itself", {}, byItself],
    ["when more than one was added", { after: keys([keyA], [added], [guid(72)]) }, byOwner],
    [
      "when it was no rotation, but one more of several",
      { before: keys([keyA], [guid(73)]), after: keys([keyA], [guid(73)], [added]) },
      byOwner,
    ],
  ])("asks %s", async (_when, change, actor) => {
    const harness = await rotated(change, actor);
    expect(harness.events("stage.awaiting-approval").length).toBeGreaterThan(0);
    expect(disabled(harness)).toBe(0);
  });
});
