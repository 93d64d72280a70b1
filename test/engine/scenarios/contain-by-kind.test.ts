/** What Graph says the identity is decides the playbook; and the whole of a containment leaves not one foothold. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { fileFinding } from "../../../shared/engine/incident/file-finding.ts";
import { credentialFinding } from "../../support/findings.ts";
import {
  appId,
  applicationId,
  iso,
  onPrincipal,
  servicePrincipalId,
  startAt,
  tenantId,
} from "../../support/harness-cast.ts";
import type { Directory } from "../../support/harness-directory.ts";
import {
  approveAll,
  asking,
  file,
  leakedSecret,
  names,
  principal,
  seen,
  subject,
  world,
} from "../../support/playbook-scenes.ts";

const minute = 60_000;

function ofManyTenants(directory: Directory): void {
  for (const one of [...directory.applications, ...directory.servicePrincipals])
    one.signInAudience = "AzureADMultipleOrgs";
}

describe("the kind decides the playbook", () => {
  it.each([
    ["ServiceIdentity", "contain-agent"],
    ["ManagedIdentity", "cut-off-managed-identity"],
  ])(
    "a risk on a %s ends the usual plan before it begins and makes %s instead",
    async (servicePrincipalType, playbook) => {
      const harness = await world((directory) => {
        Object.assign(principal(directory), {
          servicePrincipalType,
          alternativeNames: ["isExplicit=False", "/subscriptions/s/vm"],
        });
        directory.applications = [];
      });
      await file(harness, leakedSecret);
      expect((await names(harness)).toSorted()).toEqual([playbook, "contain-compromised-identity"].toSorted());
      const usual = await harness.plan("contain-compromised-identity");
      expect(usual.stages.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
      expect(harness.tenant.writes).toEqual([]);
      const { stages } = await harness.plan(playbook);
      expect(stages[0]?.status).toBe("waiting");
    },
  );

  it("names the host resource of a managed identity, what stops, and the person's next step", async () => {
    const harness = await world((directory) => {
      const names = ["isExplicit=False", "/subscriptions/s/resourceGroups/g/vm"];
      Object.assign(principal(directory), { servicePrincipalType: "ManagedIdentity", alternativeNames: names });
      directory.applications = [];
    });
    await file(harness, leakedSecret);
    const { stages } = await harness.plan("cut-off-managed-identity");
    const whys = stages.flatMap(({ steps }) => steps).map(({ why }) => why);
    expect(whys.filter((why) => why.includes("/subscriptions/s/resourceGroups/g/vm")).length).toBeGreaterThan(3);
    expect(whys.join()).toMatch(/24 hours; detach the identity there next/);
  });

  it("a secret on a first-party principal goes by its keyId at once, without the time a rotation gets", async () => {
    const harness = await world((directory) => {
      Object.assign(principal(directory), { appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" });
      directory.applications = [];
    });
    const added = [{ keyId: onPrincipal, keyType: "Password" as const, keyUsage: "Verify" as const, claimedName: "x" }];
    const { details } = credentialFinding({ objectId: servicePrincipalId, added });
    await fileFinding(
      harness.process.services,
      identityKey(tenantId, appId),
      seen("credential-added-to-service-principal", details),
    );
    await harness.run(45 * minute);
    const { stages, createdAt } = await harness.plan("clean-first-party-principal");
    expect(stages[0]?.status).toBe("waiting");
    expect(createdAt).toBe(iso(startAt));
    await approveAll(harness);
    expect(harness.lines()).toEqual([
      `POST /servicePrincipals/${servicePrincipalId}/removePassword {"keyId":"${onPrincipal}"}`,
    ]);
    expect((await harness.plan("remove-added-credential")).stages[0]?.status).toBe("cancelled");
  });

  it("an application without a service principal here loses its credentials, and nothing fails for what is not there", async () => {
    const harness = await world((directory) => {
      directory.servicePrincipals = directory.servicePrincipals.slice(1);
    });
    await file(harness, { ...leakedSecret, subject: { ...subject, servicePrincipalId: null } });
    await approveAll(harness);
    expect(harness.tenant.directory.applications[0]).toMatchObject({ passwordCredentials: [], keyCredentials: [] });
    expect((await harness.stage("contain")).status).toBe("done");
  });
});

describe("the whole of contain-compromised-identity", () => {
  it("leaves not one foothold, says what never comes back, and lists what it did not look at", async () => {
    const harness = await world();
    await file(harness, leakedSecret);
    await approveAll(harness);
    const left = harness.tenant.directory;
    expect(principal(left).accountEnabled).toBe(false);
    expect(left).toMatchObject({ appRoleAssignments: [], grants: [], federatedCredentials: [] });
    expect(left.ownerships.filter(({ ownerId }) => ownerId === servicePrincipalId)).toEqual([]);
    expect(left.groups[0]?.members).not.toContain(servicePrincipalId);
    const report = harness.events("stage.verified").at(-1)?.message ?? "";
    expect(report.split("\n").map((line) => line.slice(0, 2))).toEqual(["1.", "2.", "3.", "4.", "5."]);
    expect(report).toMatch(/never comes back: .*remove-password-credentials/);
    expect(report).toMatch(/did not examine Azure roles \(skipped: .*\), its own owners, Key Vault/);
  });

  it("deactivates a home application that other tenants use only by two people, and says whom it cannot see", async () => {
    const harness = await world(ofManyTenants);
    await file(harness, leakedSecret);
    await approveAll(harness);
    expect(harness.tenant.directory.applications[0]).toMatchObject({ isDisabled: true });
    expect((await harness.stage("eradicate")).decidedBy).toMatch(/ada .* and grace /);
    expect(harness.events("identity.contained")[0]?.message).toMatch(
      /stops this tenant only, and customer tenants are not visible/,
    );
  });

  it("takes the owners from it before that, where the policy says so", async () => {
    const harness = await world(ofManyTenants, { ...asking, deactivation: { removeOwnersFirst: true } });
    const owned = () => harness.tenant.directory.ownerships.filter(({ objectId }) => objectId === applicationId).length;
    expect(owned()).toBeGreaterThan(0);
    await file(harness, leakedSecret);
    await approveAll(harness);
    const lines = harness.lines();
    const isOwner = (line: string) => line.startsWith(`DELETE /applications/${applicationId}/owners/`);
    expect(lines.findLastIndex(isOwner)).toBeGreaterThan(-1);
    expect(lines.findLastIndex(isOwner)).toBeLessThan(lines.findIndex((line) => line.includes("isDisabled")));
    expect(owned()).toBe(0);
  });
});
