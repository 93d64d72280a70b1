/** GET /api/identities/{id} and /api/playbooks: an identity in every state, and what a person may start. */
import { describe, expect, it } from "vitest";
import { getIdentity } from "../../../shared/api/show-identities.ts";
import { listPlaybooks } from "../../../shared/api/show-playbooks.ts";
import { manualPlaybooks } from "../../../shared/engine/people/requests/start-by-person.ts";
import { protect } from "../../../shared/engine/people/settings/protect-by-person.ts";
import { Harness } from "../../support/harness.ts";
import { appId, applicationId, keyA, onPrincipal, servicePrincipalId } from "../../support/harness-cast.ts";
import { contained } from "../../support/harness-contained.ts";
import { policyWith } from "../../support/harness-world.ts";
import { asking, callOn, leakedWorld } from "./show-world.ts";

const unknown = "12345678-0000-4000-8000-000000000000";
const path = `/identities/appId:${appId}`;

describe("an identity", () => {
  it("that nobody looked at is said to be that, with how to have it read", async () => {
    const harness = await Harness.start();
    const ask = asking(harness);
    for (const id of [`appId:${unknown}`, unknown]) {
      const shown = await ask(getIdentity, `/identities/${id}`);
      expect(shown).toMatchObject({ kind: null, footholds: null, baseline: null, disabledByUs: null, incidents: [] });
      expect(shown.hint).toContain("dryRun");
      expect(shown.notLookedAt).toContain("applicationPermissions");
      expect(shown.protection.tierZero.is).toBeNull();
    }
    expect((await ask(getIdentity, path)).dependencies).toHaveLength(1);
  });

  it("that waits for a decision shows what the contain snapshot saw, and what that did not look at", async () => {
    const harness = await leakedWorld(0);
    const ask = asking(harness);
    const shown = await ask(getIdentity, path);
    expect(shown).toMatchObject({ hint: null, kind: { kind: "home-single-tenant" }, disabledByUs: null });
    const { parts } = shown.footholds ?? {};
    expect(parts?.secretsOnServicePrincipal?.items.map(({ keyId }) => keyId)).toEqual([onPrincipal]);
    expect(parts?.secretsOnApplication?.items.map(({ keyId }) => keyId)).toContain(keyA);
    expect(shown.notLookedAt).toEqual(
      expect.arrayContaining(["certificatesOnApplication", "federatedCredentials", "azureRoles"]),
    );
    expect(shown.incidents).toMatchObject([{ status: "open", findings: 1 }]);
    for (const id of [servicePrincipalId, applicationId, servicePrincipalId.toUpperCase()]) {
      expect((await ask(getIdentity, `/identities/${id}`)).key).toBe(shown.key);
    }
  });

  it("that was contained is shown as held by us, until we gave it back", async () => {
    const harness = await leakedWorld(0);
    const ask = asking(harness);
    const { planId } = await harness.plan();
    await harness.decide("contain");
    await harness.run(10 * 60_000);
    const held = await ask(getIdentity, path);
    expect(held.disabledByUs?.planId).toBe(planId);
    expect(held.changedSince).toMatchObject([{ planId, action: "disable-service-principal" }]);
    expect(held.footholds?.parts.certificatesOnApplication?.count).toBeGreaterThan(0);
    await harness.undo();
    await harness.run(10 * 60_000);
    expect((await ask(getIdentity, path)).disabledByUs).toBeNull();
  });

  it("of which everything was taken shows no secret, only ids and times", async () => {
    const harness = await contained();
    const text = JSON.stringify(await asking(harness)(getIdentity, path));
    expect(text).not.toMatch(/secretText|displayName|"key":null/);
  });

  it("that is protected says by which list, by whom and why, and an altered list is said to be that", async () => {
    const policy = policyWith();
    const listed = { ...policy.protected, ask: [appId], tier0: [servicePrincipalId] };
    const harness = await Harness.start({ ...policy, protected: listed });
    const word = { by: "alice", reason: "payroll" };
    await protect(harness.tables, servicePrincipalId, "never", { ...word, roles: ["Tourniquet.Operator"] }, null);
    const ask = asking(harness);
    const { protection } = await ask(getIdentity, `/identities/${servicePrincipalId}`);
    expect(protection.protections).toMatchObject([{ how: "never", list: "people", ...word }]);
    expect(protection.tierZero.is).toBe(true);
    expect((await ask(getIdentity, path)).protection.protections).toMatchObject([{ how: "ask", list: "policy" }]);
    harness.editRow("protections", (row) => ({ ...row, signature: "forged" }));
    expect((await ask(getIdentity, path)).protection.listAltered).toBe(true);
  });

  it("whose rows somebody edited breaks nothing but itself, and a name is none", async () => {
    const harness = await leakedWorld(0);
    harness.editRow("footholds", () => ({ parts: { secretsOnApplication: "all gone" } }));
    expect(await asking(harness)(getIdentity, path)).toMatchObject({ footholds: null });
    harness.editRow("kind", () => ({ kind: "harmless" }));
    const call = callOn(harness);
    expect(await call(path)).toMatchObject({ status: 409, body: { type: "urn:tourniquet:problem:row-malformed" } });
    expect(await call("/identities/Payroll")).toMatchObject({ status: 400 });
  });
});

describe("the playbooks", () => {
  it("are those that a person may start, with what each does to which kind and what that takes", async () => {
    const { items, settingsTrouble } = await asking(await Harness.start())(listPlaybooks, "/playbooks");
    expect(items.map(({ id }) => id)).toEqual(manualPlaybooks().map(({ id }) => id));
    expect(settingsTrouble).toBeNull();
    const contain = items.find(({ id }) => id === "contain-compromised-identity");
    const home = contain?.does.find(({ kind }) => kind === "home-single-tenant");
    expect(home?.steps[0]).toMatchObject({ stage: "contain", impact: "reversible", need: "required" });
    expect(home?.steps.flatMap(({ permissions }) => permissions).length).toBeGreaterThan(0);
    expect(contain?.does.map(({ kind }) => kind)).not.toContain("microsoft-first-party");
    for (const { does, parameters, id } of items) {
      expect(does.length, id).toBeGreaterThan(0);
      if (parameters !== null) expect(parameters).toMatchObject({ type: "object" });
    }
  });
});
