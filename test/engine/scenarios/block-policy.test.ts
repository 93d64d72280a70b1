/** The Conditional Access block policy that an operator may name: its list follows the ledger, and nothing else of it is touched. */
import { describe, expect, it } from "vitest";
import { afterEveryDeath, playNotingDeaths } from "../../support/every-death.ts";
import { Harness } from "../../support/harness.ts";
import { addIdentity, another, guid, leak, tenantId, victim } from "../../support/harness-cast.ts";
import { newWorld, policyWith, readDependencies, type World } from "../../support/harness-world.ts";
import { setSettings } from "../../support/settings.ts";

const minute = 60_000;
const hour = 60 * minute;
const policyId = guid(900);
const placeholder = guid(901);
const excluded = guid(902);
const configured = policyWith({ conditionalAccess: { policyId } });
const other = another(1);

function blockPolicy(change: Record<string, unknown> = {}) {
  return {
    id: policyId,
    displayName: "Contained",
    state: "enabled",
    conditions: {
      applications: { includeApplications: ["All"], excludeApplications: [] },
      users: { includeUsers: ["None"] },
      clientApplications: { includeServicePrincipals: [placeholder], excludeServicePrincipals: [excluded] },
    },
    grantControls: { operator: "OR", builtInControls: ["block"] },
    ...change,
  };
}

async function worldOf(policy = configured, change: Record<string, unknown> = {}): Promise<World> {
  const world = newWorld(policy);
  await readDependencies(world, [victim.appId, other.appId]);
  world.tenant.change((directory) => {
    addIdentity(directory, other);
    directory.conditionalAccessPolicies.push(blockPolicy(change));
  });
  return world;
}

async function start(policy = configured, change: Record<string, unknown> = {}): Promise<Harness> {
  return new Harness(await worldOf(policy, change));
}

function leaks(world: World, ...who: readonly (typeof victim)[]): readonly unknown[] {
  const made = who.map((ids) => leak({ id: `detection-${ids.appId}`, ...ids }));
  world.tenant.change((directory) => directory.riskDetections.push(...made.map(({ copy }) => copy)));
  return made.map(({ record }) => record);
}

async function leaked(harness: Harness, ...who: readonly (typeof victim)[]): Promise<void> {
  await harness.deliver(...leaks(harness.world, ...who));
  await harness.run();
}

function listed(world: World): unknown {
  const conditions = world.tenant.directory.conditionalAccessPolicies[0]?.conditions;
  return (conditions as ReturnType<typeof blockPolicy>["conditions"]).clientApplications.includeServicePrincipals;
}

function writesOf(world: World): readonly string[] {
  return world.tenant.writes.map(({ line }) => line).filter((line) => line.includes("/conditionalAccess/"));
}

const both = [victim.servicePrincipalId, other.servicePrincipalId].sort();

describe("the list of the block policy", () => {
  it("is written once for two containments, and nothing else of the policy changes", async () => {
    const harness = await start();
    await leaked(harness, victim, other);
    await harness.run(hour);
    expect(listed(harness.world)).toEqual(both);
    expect(writesOf(harness.world)).toHaveLength(1);
    expect(harness.events("block-policy.written")).toMatchObject([{ urgency: "chat", data: { list: both } }]);
    const { conditions } = blockPolicy();
    const clientApplications = { includeServicePrincipals: both, excludeServicePrincipals: [excluded] };
    const expected = blockPolicy({ conditions: { ...conditions, clientApplications } });
    expect(harness.tenant.directory.conditionalAccessPolicies).toEqual([expected]);
  });

  it("loses who is freed; the last one stays on it, which is said", async () => {
    const harness = await start();
    await leaked(harness, other);
    await leaked(harness, victim);
    await harness.run(hour);
    expect(listed(harness.world)).toEqual(both);
    await harness.undo();
    await harness.run(hour);
    expect(listed(harness.world)).toEqual([other.servicePrincipalId]);
    const found = await harness.plan("contain-compromised-identity", `${tenantId}|${other.appId}`);
    expect(found.stages[0]?.status).toBe("done");
  });

  it("gets nobody new while the policy only observes, and still loses who is freed", async () => {
    const harness = await start();
    await leaked(harness, other, victim);
    await harness.run(hour);
    harness.world.policy = { ...configured, mode: "observe" };
    const later = new Harness(harness.world);
    await later.undo();
    await later.run(hour);
    expect(listed(harness.world)).toEqual([other.servicePrincipalId]);
  });

  it("holds who was disabled by somebody else before we came, by the id that Graph says, while that holds", async () => {
    const harness = await start();
    harness.tenant.change(({ servicePrincipals }) => {
      for (const one of servicePrincipals) if (one.appId === victim.appId) one.accountEnabled = false;
    });
    await leaked(harness, victim, other);
    await harness.run(hour);
    expect(listed(harness.world)).toEqual(both);
  });

  it("is never written empty, and who stays blocked by it is said once", async () => {
    const harness = await start();
    await leaked(harness, victim);
    await harness.run(hour);
    await harness.undo();
    await harness.run(3 * hour);
    expect(listed(harness.world)).toEqual([victim.servicePrincipalId]);
    expect(harness.events("block-policy.kept")).toMatchObject([{ urgency: "page" }]);
    expect(harness.events("block-policy.kept")[0]?.message).toContain(victim.servicePrincipalId);
  });

  it("holds no application that Conditional Access does not cover", async () => {
    const harness = await start();
    harness.tenant.change(({ applications, servicePrincipals }) => {
      for (const one of [...applications, ...servicePrincipals]) {
        if (one.appId === victim.appId) one.signInAudience = "AzureADMultipleOrgs";
      }
    });
    await leaked(harness, victim, other);
    await harness.run(minute);
    expect(listed(harness.world)).toEqual([other.servicePrincipalId]);
  });

  it("is not touched while the kill switch is on, and is written when it is off", async () => {
    const harness = await start();
    await harness.deliver(...leaks(harness.world, victim));
    // the disable is made; what comes after it finds the switch on
    harness.process.services.tenant.send = ((send) => async (request, options) => {
      const answer = await send(request, options);
      await setSettings(harness, { killSwitch: { hours: 1 / 6 } });
      await harness.clock.advance(6_000);
      return answer;
    })(harness.process.services.tenant.send);
    await harness.run(5 * minute);
    expect(harness.lines()[0]).toContain("accountEnabled");
    expect(writesOf(harness.world)).toEqual([]);
    await harness.run(hour);
    expect(listed(harness.world)).toEqual([victim.servicePrincipalId]);
  });
});

describe("a policy that is not what was configured", () => {
  const repurposed: readonly (readonly [string, Record<string, unknown>])[] = [
    ["asks for multifactor authentication", { grantControls: { operator: "OR", builtInControls: ["mfa"] } }],
    ["is about users", { conditions: { ...blockPolicy().conditions, users: { includeUsers: ["All"] } } }],
    ["has no list", { conditions: { applications: { includeApplications: ["All"] }, clientApplications: null } }],
    [
      "blocks everything of the tenant",
      {
        conditions: {
          ...blockPolicy().conditions,
          clientApplications: { includeServicePrincipals: ["ServicePrincipalsInMyTenant"] },
        },
      },
    ],
    ["is disabled", { state: "disabled" }],
    ["is another one", { id: guid(903) }],
  ];

  it.each(repurposed)("is refused and told once when it %s", async (_, change) => {
    const harness = await start(configured, change);
    await leaked(harness, victim);
    await harness.run(5 * hour);
    expect(writesOf(harness.world)).toEqual([]);
    expect(harness.events("block-policy.refused")).toMatchObject([{ urgency: "page" }]);
  });

  it.each(["GET", "PATCH"] as const)(
    "is told once when Graph refuses the %s, and written once it lets us",
    async (method) => {
      const harness = await start();
      const answer = { status: 403, code: "AccessDenied", retryable: false };
      harness.tenant.faults.push({ method, path: "/conditionalAccess/", answer });
      await leaked(harness, victim);
      await harness.run(5 * hour);
      expect(harness.events("block-policy.refused")).toMatchObject([{ urgency: "page" }]);
      expect(harness.events("block-policy.refused")[0]?.message).toContain("Policy.ReadWrite.ConditionalAccess");
      harness.tenant.faults.length = 0;
      await harness.run(2 * hour);
      expect(listed(harness.world)).toEqual([victim.servicePrincipalId]);
    },
  );

  it("pages when what was written does not show, and does not fight over it", async () => {
    const harness = await start();
    harness.tenant.faults.push({ method: "PATCH", path: "/conditionalAccess/", answer: "no-effect" });
    await leaked(harness, victim);
    await harness.run(5 * hour);
    expect(writesOf(harness.world)).toHaveLength(1);
    expect(harness.events("block-policy.contradicted")).toMatchObject([{ urgency: "page" }]);
  });
});

describe("what the block policy costs", () => {
  it("is nothing without it: it is neither read nor waited for", async () => {
    const harness = await start(policyWith());
    harness.tenant.faults.push({ path: "/conditionalAccess/", times: 1, answer: "lost-reply" });
    await leaked(harness, victim);
    await harness.run(hour);
    expect(harness.tenant.faults).toMatchObject([{ times: 1 }]);
    expect((await harness.stage("contain")).status).toBe("done");
    expect([...harness.world.data.identities.keys()].filter((key) => key.includes("block-policy"))).toEqual([]);
  });

  it("loses nothing to a crash at any call from the disable on, and tells once", async () => {
    const world = await worldOf();
    const acts = [{ records: leaks(world, victim), lasts: hour }];
    let sent = false;
    const deaths = await playNotingDeaths(world, acts, (name) => {
      sent ||= name === "tenant.send";
      return sent;
    });
    const { played } = await afterEveryDeath(deaths, (where) => {
      const told = world.told.filter(({ event }) => event === "block-policy.written").map(({ id }) => id);
      expect({ where, list: listed(world) }).toMatchObject({ list: [victim.servicePrincipalId] });
      expect({ where, told: new Set(told).size }).toMatchObject({ told: 1 });
    });
    expect(played).toBeGreaterThan(20);
  });
});
