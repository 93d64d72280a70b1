/** Nobody answers: people are reminded, it is escalated, and then what the policy says for silence is done, and said. */
import { describe, expect, it } from "vitest";
import type { Policy } from "../../../shared/domain/policy.ts";
import { throttled } from "../../support/fake-tenant.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { appId } from "../../support/harness-cast.ts";
import { hour, newWorld, policyWith, readDependencies } from "../../support/harness-world.ts";
import { setSettings } from "../../support/settings.ts";

const minute = 60_000;
const shipped = policyWith();
const tier0 = { ...shipped.protected, tier0: [appId] };

function withSilence(onSilence: Policy["approvals"]["contain"]["onSilence"], change: Partial<Policy> = {}): Policy {
  return policyWith({
    approvals: { ...shipped.approvals, contain: { ...shipped.approvals.contain, onSilence } },
    ...change,
  });
}

/** Nothing is known of what depends on it, so a person is asked. */
async function asked(policy: Policy): Promise<Harness> {
  const harness = new Harness(newWorld(policy));
  await leaked(harness);
  expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
  return harness;
}

function isDisabled(harness: Harness): boolean {
  return harness.tenant.directory.servicePrincipals[0]?.accountEnabled === false;
}

describe("a question that nobody answers", () => {
  it("is escalated once, as critical, and reminded of besides", async () => {
    const harness = await asked(withSilence("expire"));
    await harness.run(59 * minute);
    expect(harness.events("stage.escalated")).toEqual([]);
    await harness.run(2 * hour);
    expect(harness.events("stage.escalated")).toMatchObject([{ urgency: "page", severity: "critical" }]);
    expect(harness.events("stage.escalated")[0]?.message).toMatch(/^ESCALATED/);
    expect(harness.events("stage.awaiting-approval")).toHaveLength(4);
  });

  it("ends where the policy says expire, and says that it says so", async () => {
    const harness = await asked(withSilence("expire", { protected: tier0 }));
    await harness.run(5 * hour);
    expect(await harness.stage("contain")).toMatchObject({ status: "expired" });
    expect(harness.events("stage.expired")[0]?.message).toMatch(/onSilence says that it ends/);
    expect(isDisabled(harness)).toBe(false);
  });

  it("is asked anew where it says so, and an approval of before counts no more", async () => {
    const harness = await asked(withSilence("keep-asking", { protected: tier0 }));
    await harness.decide("contain");
    await harness.run(4 * hour);
    expect(await harness.stage("contain")).toMatchObject({ status: "waiting", reminders: 0, escalated: false });
    await harness.run(2 * hour);
    expect(harness.events("stage.escalated")).toHaveLength(2);
    expect(harness.events("stage.awaiting-approval").some(({ message }) => /asked again/.test(message))).toBe(true);
    await harness.decide("contain", "approve", "grace");
    await harness.run();
    expect(isDisabled(harness)).toBe(false);
    await harness.decide("contain");
    await harness.run();
    expect(isDisabled(harness)).toBe(true);
  });
});

describe("silence that contains", () => {
  it("stops a tier-0 identity whose evidence may be enforced, and says so to everybody", async () => {
    const harness = await asked(withSilence("contain", { protected: tier0 }));
    await harness.run(4 * hour - minute);
    expect(isDisabled(harness)).toBe(false);
    await harness.run(2 * minute);
    expect(isDisabled(harness)).toBe(true);
    const stage = await harness.stage("contain");
    expect(stage.decidedBy).toMatch(/^silence: nobody decided until .*onSilence says contain/);
    expect(harness.events("stage.contained-on-silence")).toMatchObject([{ urgency: "page", severity: "critical" }]);
    await harness.run(hour);
    expect(harness.events("stage.contained-on-silence")).toHaveLength(1);
    expect(harness.tenant.directory.applications[0]?.passwordCredentials).not.toEqual([]);
  });

  it("goes on after a pause without asking again", async () => {
    const harness = await asked(withSilence("contain", { protected: tier0 }));
    await harness.run(4 * hour - minute);
    harness.tenant.faults.push({ method: "PATCH", path: "/servicePrincipals", times: 2, answer: throttled });
    await harness.run(10 * minute);
    expect(isDisabled(harness)).toBe(true);
    expect(harness.events("stage.contained-on-silence")).toHaveLength(1);
  });

  it.each<[string, Policy, (harness: Harness) => Promise<void> | void]>([
    ["is no tier-0 identity", withSilence("contain"), () => undefined],
    ["has evidence that only asks", withSilence("contain", { protected: tier0, mode: "approve" }), () => undefined],
    ["is protected", withSilence("contain", { protected: { ...tier0, ask: [appId] } }), () => undefined],
    [
      "has a playbook that people hold at approve",
      withSilence("contain", { protected: tier0 }),
      (harness) => setSettings(harness, { modes: { "contain-compromised-identity": "approve" } }),
    ],
    [
      "is over the blast radius",
      withSilence("contain", { protected: tier0, blastRadius: { ...shipped.blastRadius, perHour: 0 } }),
      () => undefined,
    ],
  ])("leaves alone what %s: that ends, and says why", async (_what, policy, prepare) => {
    const harness = await asked(policy);
    await prepare(harness);
    await harness.run(5 * hour);
    expect(isDisabled(harness)).toBe(false);
    expect(await harness.stage("contain")).toMatchObject({ status: "expired" });
  });

  it("does nothing while the kill switch is on", async () => {
    const harness = await asked(withSilence("contain", { protected: tier0 }));
    await setSettings(harness, { killSwitch: { hours: 8 } });
    await harness.run(5 * hour);
    expect(isDisabled(harness)).toBe(false);
  });

  it("never removes anything: eradication ends as it did", async () => {
    const harness = await Harness.start(withSilence("contain", { protected: tier0 }));
    await readDependencies(harness.world);
    await leaked(harness);
    await harness.run(30 * hour);
    expect(await harness.stage("eradicate")).toMatchObject({ status: "expired", escalated: true });
    expect(harness.tenant.directory.applications[0]?.passwordCredentials).toHaveLength(2);
  });
});
