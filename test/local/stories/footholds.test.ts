/** What a story can give, it can see, take away again, and forge: each verb against a real twin. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { castTenant, type Tenant } from "../../../local/stories/cast.ts";
import { doDeed } from "../../../local/stories/deeds.ts";
import { stateOf } from "../../../local/stories/footholds.ts";
import { createForger, type Forger } from "../../../local/stories/forger.ts";
import { give } from "../../../local/stories/give.ts";
import type { Story } from "../../../local/stories/story.ts";
import { parseStory } from "../../../local/stories/story-file.ts";
import { isDeed, isGift, type Step } from "../../../local/stories/story-steps.ts";
import { memberOf } from "../../../local/stories/verdict.ts";
import { createTenantTwin } from "../../../local/tenant/twin.ts";

const text = `story: all
title: Everything
groups:
  - { name: admins, roleAssignable: true, directoryRoles: [Global Reader] }
tenant:
  - name: tool
    secrets: [{ label: s0 }, { label: s1, on: service-principal }]
    certificates: [{ label: c0 }]
    federatedCredentials: [{ label: f0, issuer: "https://issuer.example", subject: repo-0 }]
    appRoles: [{ label: r0, role: Mail.Send }, { label: r1, api: exchange-online, role: full_access_as_app }]
    grants: [{ label: g0, scope: Mail.Read Files.Read.All }, { label: g1, scope: User.Read, person: bob@contoso.example }]
    directoryRoles: [{ label: d0, role: Application Administrator }, { label: d1, role: Global Reader, eligible: true }]
    azureRoles: [{ label: a0, role: reader }]
    owners: [{ label: o0, owner: bob@contoso.example }]
    groups: [{ label: m0, group: admins }]
  - { name: robot, kind: managed-identity, userAssigned: true, azureRoles: [{ label: a0, role: contributor }] }
  - { name: shop, kind: foreign-application }
  - { name: plans, kind: agent-blueprint, secrets: [{ label: s0 }] }
  - { name: helper, kind: agent, blueprint: plans }
  - { name: old, kind: legacy, secrets: [{ label: s0 }] }
  - { name: api, kind: foreign, offers: [Order.Read], clients: [tool] }
steps:
  - { do: add-secret, identity: tool, label: s2, by: tool }
  - { do: add-certificate, identity: tool, label: c1, by: eve@contoso.example, on: service-principal }
  - { do: add-federated-credential, identity: tool, label: f1, by: tool, issuer: "https://evil.example", subject: x }
  - { do: add-federated-credential, identity: robot, label: f1, by: robot, issuer: "https://evil.example", subject: x }
  - { do: grant-app-role, identity: tool, label: r2, by: tool, role: Directory.Read.All }
  - { do: grant-app-role, identity: tool, label: r3, by: tool, api: api, role: Order.Read }
  - { do: grant-scope, identity: tool, label: g2, by: tool, scope: Sites.Read.All Mail.ReadWrite }
  - { do: grant-scope, identity: shop, label: g0, by: eve@contoso.example, scope: Mail.Read, consent: true }
  - { do: add-owner, identity: tool, label: o1, by: tool, owner: old }
  - { do: add-owner, identity: tool, label: o2, by: tool, owner: eve@contoso.example, on: service-principal }
  - { do: add-to-group, identity: old, label: m0, by: tool, group: admins }
  - { do: assign-role, identity: tool, label: d2, by: tool, role: Global Administrator }
  - { do: assign-role, identity: tool, label: d3, by: tool, role: User Administrator, startsInSeconds: 900, lastsSeconds: 60 }
  - { do: assign-role, identity: tool, label: d4, by: tool, role: Exchange Administrator, eligible: true }
  - { do: assign-azure-role, identity: tool, label: a1, by: tool, role: owner, scope: "/subscriptions/{subscription}/resourceGroups/rg" }
  - { do: add-secret, identity: tool, label: s0, by: tool, forged: true, times: 3 }
  - { do: raise-risk, identity: tool, type: leakedCredentials, level: high, secrets: [s0], forged: true }
  - { do: assign-role, identity: tool, label: d9, by: tool, role: Global Administrator, forged: true, times: 2 }
demands:
  tenant:
    - { that: present, identity: tool, labels: [s0, s1, c0, f0, r0, r1, g0, g1, d0, d1, a0, o0, m0] }
`;

const story: Story = parseStory(text, "all.yaml");
let tenant: Tenant;
let forger: Forger;

beforeEach(async () => {
  tenant = castTenant(await createTenantTwin({ seed: "x" }), story);
  forger = await createForger(story, { seed: "x" });
});
afterEach(async () => {
  await Promise.all([tenant.twin.stop(), forger.stop()]);
});

const held = (name: string) => stateOf(tenant.twin, memberOf(tenant, name)).footholds;
const keysOf = (name: string, label: string) => memberOf(tenant, name).labels.get(label)?.keys ?? [];

function run(step: Step): void {
  const member = "identity" in step ? memberOf(tenant, step.identity ?? "") : undefined;
  if (!member) return;
  if (isGift(step)) memberOf(tenant, member.name).labels.set(step.label, give(tenant, member, step).foothold);
  else if (isDeed(step)) doDeed(tenant, member, step);
}

describe("footholds", () => {
  it("that a tenant begins with are seen under their labels", () => {
    for (const member of tenant.cast.values()) {
      for (const [label, { keys }] of member.labels) {
        expect(keys.length).toBeGreaterThan(0);
        for (const key of keys) expect([...held(member.name)], `${member.name} ${label}`).toContain(key);
      }
    }
    expect(keysOf("tool", "g0")).toHaveLength(2);
  });

  it("are there when given and gone when taken away, one by one, and nothing else with them", () => {
    for (const step of story.steps.filter((one) => isGift(one) && !one.forged)) {
      if (!isGift(step)) continue;
      const before = [...held(step.identity)];
      run(step);
      const keys = keysOf(step.identity, step.label);
      expect(keys.filter((key) => !held(step.identity).has(key))).toEqual([]);
      expect(keys.filter((key) => before.includes(key))).toEqual([]);
      const { identity, label } = step;
      run({ do: "take-away", identity, label, by: "eve@contoso.example", forged: false, times: 1 });
      expect([...held(identity)].sort(), step.do).toEqual(before.sort());
      expect(() => run({ do: "take-away", identity, label, by: "tool", forged: false, times: 1 })).toThrow(/any more/);
    }
    expect(memberOf(tenant, "shop").id).not.toBe("");
    expect(tenant.twin.violations).toEqual([]);
  });
});

describe("forged records", () => {
  const [addition, risk, role] = story.steps.slice(-3);

  it("name the real identity, and the real credential where there is one, while nothing happens", () => {
    const before = [...held("tool")];
    const tool = memberOf(tenant, "tool");
    if (addition?.do !== "add-secret" || risk?.do !== "raise-risk" || role?.do !== "assign-role")
      throw new Error("steps");
    const keyId = tool.labels.get("s0")?.keyId ?? "";
    const added = forger.forge(addition, tool).filter(({ record }) => JSON.stringify(record).includes("KeyIdentifier"));
    expect(added).toHaveLength(3);
    for (const { hub, record } of added) {
      expect(hub).toBe("entra-audit");
      expect(JSON.stringify(record)).toContain(keyId);
      expect(JSON.stringify(record)).toContain(tool.applicationId);
    }
    expect(forger.forge(risk, tool).map(({ hub }) => hub)).toEqual(["entra-risk", "entra-risk"]);
    expect(forger.forge(role, tool).map(({ record }) => record.operationName)).toEqual(
      Array.from({ length: 2 }, () => "Add member to role"),
    );
    expect([...held("tool")]).toEqual(before);
  });
});
