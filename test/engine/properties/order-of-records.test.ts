/** One attack's raw records, in any order, however often and however split: the same incidents, links, changes, and the same tenant. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Incident } from "../../../shared/domain/incident.ts";
import { relatedIncidents } from "../../../shared/engine/incident/links.ts";
import { findingsOf } from "../../../shared/engine/incident/plan-findings.ts";
import { loadPartition, readAll } from "../../../shared/engine/rows/partition.ts";
import { plansOf } from "../../../shared/engine/rows/plans.ts";
import { audit, type Raw, signIn, target } from "../../records/build.ts";
import { Harness } from "../../support/harness.ts";
import {
  added,
  addIdentity,
  another,
  applicationId,
  credentialAdded,
  guid,
  iso,
  leak,
  riskyRecord,
  servicePrincipalId,
  startAt,
} from "../../support/harness-cast.ts";
import { policyWith, readDependencies } from "../../support/harness-world.ts";

// many small worlds: a busy machine needs its time
vi.setConfig({ testTimeout: 240_000 });

const minute = 60_000;
const graph = guid(900);
const mallory = another(1);
const byMallory = {
  app: { appId: null, displayName: "x", servicePrincipalId: mallory.servicePrincipalId },
  user: null,
};
const said = (displayName: string, value: string): Raw => ({
  displayName,
  oldValue: null,
  newValue: JSON.stringify(value),
});

interface Attack {
  readonly records: readonly unknown[];
  readonly audits: readonly Raw[];
  readonly detections: readonly Record<string, unknown>[];
}

function copyOf(record: Raw, activityDisplayName: string): Raw {
  return { ...(record.properties as Raw), activityDisplayName };
}

/** A workload grants a tier-0 permission to another, adds a secret and trust in an issuer; that signs in at once, and Entra raises the leak. */
function attack(): Attack {
  const granting = "Add app role assignment to service principal";
  const granted = audit(
    {
      id: "audit-grant",
      activityDateTime: iso(startAt - 4 * minute),
      initiatedBy: byMallory,
      targetResources: [
        target(
          "ServicePrincipal",
          graph,
          said("AppRole.Id", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"),
          said("AppRole.Value", "RoleManagement.ReadWrite.Directory"),
          said("ServicePrincipal.ObjectID", servicePrincipalId),
        ),
      ],
    },
    granting,
  );
  const { record: secret } = credentialAdded({ id: "audit-secret", at: startAt - 3 * minute });
  Object.assign(secret.properties as object, { initiatedBy: byMallory });
  const used = signIn(
    {
      id: "sign-in-1",
      createdDateTime: iso(startAt - 2 * minute),
      servicePrincipalCredentialKeyId: added,
      status: { errorCode: 0 },
      ipAddress: "203.0.113.7",
    },
    { resultType: "0" },
  );
  const updating = "Update application";
  const issuer = {
    Issuer: "https://idp.evil.example",
    Subject: "repo:mallory/x",
    Audiences: ["api://AzureADTokenExchange"],
  };
  const property = { displayName: "FederatedIdentityCredentials", oldValue: "[]", newValue: JSON.stringify([issuer]) };
  const trusted = audit(
    {
      id: "audit-federated",
      activityDateTime: iso(startAt - 2 * minute - 30_000),
      initiatedBy: byMallory,
      targetResources: [target("Application", applicationId, property)],
    },
    updating,
  );
  const { record: risk, copy } = leak({ at: startAt - minute });
  return {
    records: [granted, secret, used, risk, riskyRecord({ at: startAt - minute }), trusted],
    audits: [copyOf(granted, granting), copyOf(secret, String(secret.operationName)), copyOf(trusted, updating)],
    detections: [copy],
  };
}

/** What must not depend on the order. */
async function outcomeOf(batches: readonly (readonly number[])[], delays: readonly number[], policy = policyWith()) {
  const harness = await Harness.start(policy);
  await readDependencies(harness.world, [mallory.appId]);
  const { records, audits, detections } = attack();
  harness.tenant.change((directory) => {
    addIdentity(directory, mallory);
    directory.audits.push(...(audits as never[]));
    directory.riskDetections.push(...detections);
  });
  for (const [i, batch] of batches.entries()) {
    await harness.deliver(...batch.map((n) => records[n]));
    await harness.run((delays[i] ?? 0) * 1_000);
  }
  await harness.run(2 * 60 * minute);
  return { incidents: await incidentsOf(harness), tenant: harness.tenant.directory };
}

async function incidentsOf(harness: Harness) {
  const { stores } = harness.tables;
  const keys = new Set<string>();
  for await (const { identity } of stores.identities.list("incident|")) keys.add(identity);
  const all = await Promise.all(
    [...keys].sort().map(async (key) => {
      const partition = await loadPartition(stores.identities, key);
      return Promise.all(
        readAll(partition, "incident|", Incident).map(async ({ value: { id, severity, status } }) => ({
          key,
          severity,
          status,
          findings: findingsOf(partition, id)
            .map(({ detection, dedupeBy }) => `${detection} ${dedupeBy}`)
            .sort(),
          related: (await relatedIncidents(stores, partition, id)).map(({ identity, why }) => ({ identity, why })),
          steps: plansOf(partition, id)
            .flatMap(({ steps }) =>
              steps.map(({ action, stage, parameters }) => JSON.stringify([stage, action, parameters])),
            )
            .sort(),
        })),
      );
    }),
  );
  return all.flat();
}

const every = [0, 1, 2, 3, 4, 5];
const order = fc.shuffledSubarray([...every, ...every], { minLength: 2 * every.length, maxLength: 2 * every.length });
const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 12, maxLength: 12 });
const delays = (most: number) => fc.array(fc.integer({ min: 0, max: most }), { minLength: 12, maxLength: 12 });

function cutUp(indexes: readonly number[], sizes: readonly number[]): readonly (readonly number[])[] {
  const batches: (readonly number[])[] = [];
  for (let from = 0, n = 0; from < indexes.length; n++) {
    const size = sizes[n] ?? 1;
    batches.push(indexes.slice(from, from + size));
    from += size;
  }
  return batches;
}

test("the same incidents, links, changes and tenant come of one attack's records", async () => {
  const expected = await outcomeOf([every], []);
  expect(expected.incidents.length).toBeGreaterThan(1);
  expect(expected.incidents.some(({ related }) => related.length > 0)).toBe(true);
  const found = expected.incidents.flatMap(({ findings }) => findings).join();
  expect(found).toContain("federated-credential-added");
  await fc.assert(
    fc.asyncProperty(order, cuts, delays(120), async (indexes, sizes, seconds) => {
      const outcome = await outcomeOf(cutUp(indexes, sizes), seconds);
      expect(outcome.incidents).toEqual(expected.incidents);
      expect(outcome.tenant).toEqual(expected.tenant);
    }),
    { numRuns: 15 },
  );
});

test("the same incidents and links also where records are hours late, and evidence too old to act on by itself", async () => {
  // whoever is asked has longer than all the records take: a question that ended is put again by the next of them, and rightly so
  const { approvals } = policyWith();
  const contain = { ...approvals.contain, expiresHours: 168 };
  const eradicate = { ...approvals.eradicate, expiresHours: 168 };
  const asking = policyWith({ mode: "approve", approvals: { ...approvals, contain, eradicate } });
  const expected = await outcomeOf([every], [], asking);
  await fc.assert(
    fc.asyncProperty(order, cuts, delays(2 * 3600), async (indexes, sizes, seconds) => {
      const { incidents, tenant } = await outcomeOf(cutUp(indexes, sizes), seconds, asking);
      expect(incidents).toEqual(expected.incidents);
      expect(tenant).toEqual(expected.tenant);
    }),
    { numRuns: 10 },
  );
});
