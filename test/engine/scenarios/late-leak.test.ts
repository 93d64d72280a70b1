/** A leak that comes after its key was rotated away, with the rotation in the same incident: over, but only where it was one. */
import { describe, expect, it } from "vitest";
import { keyA, keys } from "../../records/build.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { added, credentialAdded, guid, servicePrincipalId, startAt } from "../../support/harness-cast.ts";
import { hour } from "../../support/harness-world.ts";

function disabled({ tenant }: Harness): number {
  return tenant.directory.servicePrincipals.filter((one) => one.accountEnabled === false).length;
}

describe("a leak whose key was rotated away in the same incident", () => {
  const rotated = async (
    change: Parameters<typeof credentialAdded>[0] = {},
    actor: object = byOwner,
  ): Promise<Harness> => {
    const harness = await Harness.start();
    harness.tenant.change(({ applications: [application] }) => {
      if (application !== undefined) application.passwordCredentials = application.passwordCredentials.slice(1);
    });
    const rotation = { before: keys([keyA]), after: keys([keyA], [added]), at: startAt - hour };
    const { record, copy } = credentialAdded({ ...rotation, ...change });
    Object.assign(Object(record.properties), { initiatedBy: actor });
    const whole = Object.assign(copy, record.properties, { activityDisplayName: record.operationName });
    harness.tenant.change(({ audits }) => audits.push(whole));
    await harness.deliver(record);
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
