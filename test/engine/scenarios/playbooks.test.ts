/** Surgical playbooks from their finding to the end state: what they take, what they leave, and that a person decides. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { fileFinding } from "../../../shared/engine/incident/file-finding.ts";
import { appId, applicationId, servicePrincipalId, tenantId } from "../../support/harness-cast.ts";
import { api, group } from "../../support/harness-footholds.ts";
import { approveAll, file, names, principal, seen, world } from "../../support/playbook-scenes.ts";

const minute = 60_000;

describe("surgical removals", () => {
  it("remove-added-federated-credential takes exactly the issuer and subject that were added", async () => {
    const harness = await world();
    const added = [
      {
        issuer: "https://issuer.example",
        subject: "repo:1",
        expression: null,
        audiences: ["api://AzureADTokenExchange"],
      },
    ];
    await file(
      harness,
      seen("federated-credential-added", { about: "federated-credential-added", objectId: applicationId, added }),
    );
    expect(harness.tenant.writes).toEqual([]);
    await approveAll(harness);
    expect(harness.tenant.directory.federatedCredentials.map(({ id }) => id)).toEqual(["federated-0"]);
    expect(harness.tenant.writes).toHaveLength(1);
  });

  it("remove-added-privilege takes exactly the permission, the owner and the membership that were added", async () => {
    const harness = await world();
    const [held] = harness.tenant.directory.appRoleAssignments;
    const [owner] = harness.tenant.directory.ownerships;
    if (held === undefined || owner === undefined) throw new Error("nothing to add");
    const { appRoleId } = held;
    await file(
      harness,
      seen("app-role-granted", { about: "app-role-granted", resourceId: api, appRoleId, value: null }),
    );
    await approveAll(harness);
    await file(
      harness,
      seen("owner-added", {
        about: "owner-added",
        object: "application",
        objectId: applicationId,
        ownerId: owner.ownerId,
      }),
    );
    await approveAll(harness);
    await file(harness, seen("group-joined", { about: "group-joined", groupId: group }));
    await approveAll(harness);
    const { appRoleAssignments, ownerships, groups } = harness.tenant.directory;
    expect(appRoleAssignments.map((one) => one.appRoleId)).not.toContain(appRoleId);
    expect(appRoleAssignments).toHaveLength(1);
    expect(ownerships).not.toContainEqual({ ...owner, collection: "applications" });
    expect(groups[0]?.members).not.toContain(servicePrincipalId);
    expect(harness.tenant.writes).toHaveLength(3);
  });
});

describe("revoke-illicit-grant", () => {
  const grants = [{ resourceId: api, scopes: ["Mail.Read"], consentType: "AllPrincipals" as const, principalId: null }];
  const consent = seen("illicit-consent", {
    about: "consented",
    onBehalfOfAll: true,
    appRoles: false,
    scopes: ["Mail.Read"],
    grants,
  });

  it("narrows the grant to what was there before, and disables nothing of our own", async () => {
    const harness = await world();
    await file(harness, consent);
    await approveAll(harness);
    const [granted] = harness.tenant.directory.grants;
    expect(granted?.scope?.trim()).toBe("User.Read");
    expect(principal(harness.tenant.directory).accountEnabled).toBe(true);
  });

  it.each([
    ["nobody vouches for", null, false],
    ["a publisher is verified of", { verifiedPublisherId: "12345" }, true],
  ])(
    "disables a foreign application that %s: looked at before it is planned",
    async (_who, verifiedPublisher, stays) => {
      const harness = await world((directory) => {
        Object.assign(principal(directory), {
          appOwnerOrganizationId: "11111111-2222-4333-8444-555555555555",
          verifiedPublisher,
        });
        directory.applications = [];
      });
      await fileFinding(harness.process.services, identityKey(tenantId, appId), consent);
      expect(await names(harness)).toEqual([]);
      await harness.run(45 * minute);
      expect(await names(harness)).toEqual(["revoke-illicit-grant"]);
      await approveAll(harness);
      expect(principal(harness.tenant.directory).accountEnabled).toBe(stays);
    },
  );
});
