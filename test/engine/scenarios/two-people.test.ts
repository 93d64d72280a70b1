/** What one person may not decide alone: two different people, each over the very plan, and a denial by anyone ends it. */
import { describe, expect, it } from "vitest";
import type { Policy } from "../../../shared/domain/policy.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { applicationId, guid, servicePrincipalId } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const graphRole = "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9";

function pipeline(change: Partial<Policy["approvals"]> = {}): Policy {
  const policy = policyWith();
  return policyWith({
    protected: { ...policy.protected, twoPeople: [applicationId] },
    approvals: { ...policy.approvals, ...change },
  });
}

async function waiting(policy: Policy = pipeline()): Promise<Harness> {
  const harness = await Harness.start(policy);
  await leaked(harness);
  expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
  return harness;
}

function isDisabled(harness: Harness): boolean {
  return harness.tenant.directory.servicePrincipals[0]?.accountEnabled === false;
}

describe("what protected.twoPeople names", () => {
  it("runs when two different people approved, and says who", async () => {
    const harness = await waiting();
    await harness.decide("contain", "approve", "ada");
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(false);
    const { status, people, reasons } = await harness.stage("contain");
    expect({ status, people }).toEqual({ status: "waiting", people: 2 });
    expect(reasons.join()).toMatch(/two-people: 1 of 2 approved \(ada\), 1 missing/);
    await harness.decide("contain", "approve", "grace");
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(true);
    expect((await harness.stage("contain")).decidedBy).toMatch(/^ada \(approved at .*\) and grace \(approved at /);
  });

  it("is not run by one person who writes the name twice", async () => {
    const harness = await waiting();
    await harness.decide("contain", "approve", "ada@contoso.example");
    await expect(harness.decide("contain", "approve", " Ada@Contoso.example")).rejects.toThrow(
      /already approved it at .*; somebody else must/,
    );
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(false);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/1 of 2/);
  });

  it("lets who approved it think again, and deny it", async () => {
    const harness = await waiting();
    await harness.decide("contain", "approve", "ada");
    await harness.decide("contain", "deny", "ada");
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(false);
    expect(await harness.stage("contain")).toMatchObject({ status: "cancelled" });
  });

  it("is cancelled when the second one denies it", async () => {
    const harness = await waiting();
    await harness.decide("contain", "approve", "ada");
    await harness.run(minute);
    await harness.decide("contain", "deny", "grace");
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(false);
    expect(await harness.stage("contain")).toMatchObject({ status: "cancelled" });
  });

  it("takes one person where the policy has no line for it", async () => {
    const harness = await waiting(pipeline({ twoPeople: [] }));
    await harness.decide("contain", "approve", "ada");
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(true);
  });

  it("does not count an approval whose signature does not hold", async () => {
    const harness = await waiting();
    await harness.decide("contain", "approve", "ada");
    harness.editRow("approval|", ({ payload }) => ({ payload, signature: "es256.AAAA.BBBB" }));
    await harness.decide("contain", "approve", "grace");
    await harness.run(minute);
    expect(isDisabled(harness)).toBe(false);
    expect((await harness.stage("contain")).reasons.join()).toMatch(/1 of 2 approved \(grace\)/);
  });
});

describe("a tier-0 identity", () => {
  it("is contained at once on enforceable evidence, and loses nothing for good on one person's word", async () => {
    const harness = await Harness.start();
    harness.tenant.change((directory) =>
      directory.appRoleAssignments.push({
        id: "assignment-1",
        appRoleId: graphRole,
        principalId: servicePrincipalId,
        principalType: "ServicePrincipal",
        resourceId: guid(1),
      }),
    );
    await leaked(harness);
    await harness.run(5 * minute);
    expect(isDisabled(harness)).toBe(true);
    const { people, reasons } = await harness.stage("eradicate");
    expect(people).toBe(2);
    expect(reasons.join()).toMatch(/tier-zero: .*two-people: 0 of 2 approved, 2 missing/);
  });
});
