/** What findings and reports say to the person who goes on: who did it, since when, what is open, and what fits the identity. */
import { expect, it } from "vitest";
import { servicePrincipalId, startAt, tenantId } from "../../support/harness-cast.ts";
import { api } from "../../support/harness-footholds.ts";
import { approveAll, file, leakedSecret, principal, seen, world } from "../../support/playbook-scenes.ts";

const minute = 60_000;
const somebody = "9d8001cb-a159-4252-a3a1-c2dc689f322a";
const theirs = "58197cbf-a936-499d-beea-03fed510eefa";
const grants = [{ resourceId: api, scopes: ["Mail.Read"], consentType: "AllPrincipals" as const, principalId: null }];
const consent = seen("illicit-consent", {
  about: "consented",
  onBehalfOfAll: true,
  appRoles: false,
  scopes: ["Mail.Read"],
  grants,
});
type World = Awaited<ReturnType<typeof world>>;

function lastReport(harness: World): string {
  return harness.events("identity.contained").at(-1)?.message ?? "";
}

it("a finding names who did it, and says so when the identity did it to itself", async () => {
  const harness = await world();
  await file(harness, { ...consent, actorId: somebody });
  await file(harness, { ...consent, id: "second", actorId: servicePrincipalId });
  const [first, second] = harness.events("finding.created");
  expect(first?.message).toContain(`, by ${somebody};`);
  expect(first?.data.actorId).toBe(somebody);
  expect(second?.message).toContain(", by itself;");
});

it("a report lists what was changed since the first finding of the incident, not since the one that led to the plan", async () => {
  const harness = await world();
  const early = new Date(startAt - 30 * minute).toISOString();
  const change = { id: theirs, type: "Application", activity: "update application", at: startAt - 20 * minute };
  await harness.process.services.stores.changes.add(tenantId, servicePrincipalId, [change]);
  await file(harness, { ...consent, warrant: { ...consent.warrant, activityAt: early } });
  await file(harness, leakedSecret);
  await approveAll(harness);
  expect(lastReport(harness)).toContain(theirs);
  expect(lastReport(harness)).toContain(`since first suspicion at ${early}`);
});

it("a report does not call unexamined what it lists, and tells nobody to rotate another tenant's credentials", async () => {
  const harness = await world();
  await file(harness, leakedSecret);
  await approveAll(harness);
  expect(lastReport(harness)).toMatch(/still open: secret /);
  expect(lastReport(harness)).not.toMatch(/did not examine client secrets/);
  expect(lastReport(harness)).toContain("rotate the leaked credential");

  const foreign = await world((directory) => {
    Object.assign(principal(directory), { appOwnerOrganizationId: "11111111-2222-4333-8444-555555555555" });
    directory.applications = [];
  });
  await file(foreign, consent);
  await approveAll(foreign);
  expect(lastReport(foreign)).toContain("the users who consented");
  expect(lastReport(foreign)).not.toContain("rotate");
});

it("a plan that does not fit the kind says what is planned instead", async () => {
  const harness = await world((directory) => {
    Object.assign(principal(directory), { appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" });
    directory.applications = [];
  });
  await file(
    harness,
    seen("credential-added-to-service-principal", {
      about: "credential-added",
      object: "servicePrincipal",
      objectId: servicePrincipalId,
      added: [
        { keyId: "9d9fea30-d8e3-481b-b57c-0ef569a989e5", keyType: "Password", keyUsage: "Verify", claimedName: "" },
      ],
      removed: [],
      before: 0,
      samlSigningSet: false,
    }),
  );
  expect(harness.events("plan.cancelled")[0]?.message).toContain("planned instead: clean-first-party-principal");
});
