/** Every playbook from its finding to its end state: what it takes, what it leaves, and that a person decides. */
import { describe, expect, it } from "vitest";
import type { Finding, MatchDetails } from "../../../shared/domain/finding.ts";
import { identityKey } from "../../../shared/domain/identity.ts";
import { fileFinding } from "../../../shared/engine/file-finding.ts";
import { listRuns } from "../../../shared/engine/list-runs.ts";
import { credentialFinding, riskFinding } from "../../support/findings.ts";
import { Harness } from "../../support/harness.ts";
import {
  appId,
  applicationId,
  iso,
  keyA,
  onPrincipal,
  servicePrincipalId,
  startAt,
  tenantId,
} from "../../support/harness-cast.ts";
import type { Directory } from "../../support/harness-directory.ts";
import { addFootholds, api, group } from "../../support/harness-footholds.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const subject = { tenantId, appId, servicePrincipalId, applicationObjectId: null };
const asking = policyWith({
  mode: "approve",
  detections: Object.fromEntries(
    [
      "service-principal-risk-detected",
      "credential-added-to-service-principal",
      "federated-credential-added",
      "app-role-granted",
      "illicit-consent",
      "owner-added",
      "group-joined",
      "directory-role-assigned",
    ].map((id) => [id, { max: "approve" as const, require: [] }]),
  ),
});

async function world(edit: (directory: Directory) => void = () => undefined): Promise<Harness> {
  const harness = await Harness.start(asking);
  harness.tenant.change((directory) => {
    addFootholds(directory);
    edit(directory);
  });
  return harness;
}

function principal(directory: Directory): Record<string, unknown> {
  const [found] = directory.servicePrincipals;
  if (found === undefined) throw new Error("nobody is there");
  return found;
}

function seen(detection: string, details: MatchDetails): Finding {
  const at = iso(startAt - minute);
  return {
    ...credentialFinding({}),
    id: detection,
    detection,
    details,
    subject,
    warrant: { category: "AuditLogs", recordId: detection, correlationId: null, activityAt: at, raisedAt: at },
    receivedAt: iso(startAt),
  };
}

async function file(harness: Harness, finding: Finding): Promise<void> {
  await fileFinding(harness.process.services, identityKey(tenantId, appId), finding);
  await harness.run(45 * minute);
}

/** Approves whatever waits, until nothing does. Contain comes before eradicate. */
async function approveAll(harness: Harness): Promise<void> {
  for (let i = 0; i < 4; i++) {
    const waiting = (await harness.runs()).flatMap(({ stages }) => stages).filter(({ status }) => status === "waiting");
    const [first] = waiting;
    if (first === undefined) return;
    await harness.decide(first.stage);
    if ((await harness.stage(first.stage)).status === "waiting") await harness.decide(first.stage, "approve", "grace");
    await harness.run(5 * minute);
    const still = await harness.stage(first.stage);
    if (still.status === "waiting") {
      await harness.decide(first.stage, "approve", "grace");
      await harness.run(5 * minute);
    }
  }
}

const leakedSecret = riskFinding(
  { keyIds: [keyA] },
  { subject, warrant: { ...riskFinding({}).warrant, activityAt: iso(startAt - minute) } },
);

async function names(harness: Harness): Promise<readonly string[]> {
  return (await listRuns(harness.tables)).map(({ playbook }) => playbook);
}

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
    expect(granted?.scope.trim()).toBe("User.Read");
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
    const harness = await world((directory) => {
      for (const one of [...directory.applications, ...directory.servicePrincipals])
        one.signInAudience = "AzureADMultipleOrgs";
    });
    await file(harness, leakedSecret);
    await approveAll(harness);
    expect(harness.tenant.directory.applications[0]).toMatchObject({ isDisabled: true });
    expect((await harness.stage("eradicate")).decidedBy).toMatch(/ada .* and grace /);
    expect(harness.events("identity.contained")[0]?.message).toMatch(
      /stops this tenant only, and customer tenants are not visible/,
    );
  });
});
