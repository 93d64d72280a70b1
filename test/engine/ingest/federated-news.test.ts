/** Records of federated credentials, read to the end: what the policy trusts, and what the application had, is information. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { loadPartition, readAll } from "../../../shared/engine/rows/partition.ts";
import { FindingRow } from "../../../shared/engine/rows/rows.ts";
import { audit, type Raw, target } from "../../records/build.ts";
import { appId, applicationId, iso, self, startAt, tenantId } from "../../support/harness-cast.ts";
import { day, deliveryOf, newWorld, policyWith, startProcess, type World } from "../../support/harness-world.ts";

const key = identityKey(tenantId, appId);
const issuer = "https://token.actions.githubusercontent.com";
const pipeline = { Name: "x", Issuer: issuer, Subject: "repo:contoso/payroll:ref:refs/heads/main", Audiences: ["a"] };
const stranger = { ...pipeline, Subject: "repo:contoso-evil/payroll:ref:refs/heads/main" };

/** The list of the application's federated credentials, before and after. */
function changed(at: number, before: readonly Raw[], after: readonly Raw[], by: Raw = {}): Raw {
  const displayName = "FederatedIdentityCredentials";
  const list = { displayName, oldValue: JSON.stringify(before), newValue: JSON.stringify(after) };
  const id = `federated-${at}-${after.length}`;
  const details = [{ key: "AppId", value: appId }];
  const said = { id, activityDateTime: iso(at), targetResources: [target("Application", applicationId, list)] };
  return audit({ ...said, ...by, additionalDetails: details }, "Update application");
}

async function severities(world: World, ...records: readonly Raw[]): Promise<readonly string[]> {
  for (const record of records) await startProcess(world).ingest([deliveryOf(world, [record])]);
  const partition = await loadPartition(startProcess(world).services.stores.identities, key);
  return readAll(partition, "finding|", FindingRow).map(
    ({ value: { finding } }) => `${finding.detection} ${finding.severity} ${finding.ceiling}`,
  );
}

const news = "federated-credential-added high approve";
const known = "federated-credential-added informational observe";

describe("a federated credential", () => {
  it("is information where the policy trusts the issuer for that subject", async () => {
    const world = newWorld(policyWith({ trustedIssuers: [{ issuer, subjectPrefix: "repo:contoso/" }] }));
    expect(await severities(world, changed(startAt, [], [pipeline]))).toEqual([known]);
    expect(await severities(world, changed(startAt + 1, [pipeline], [pipeline, stranger]))).toContain(news);
  });

  it("is news when it comes first, and information when it comes again within half a year", async () => {
    const gone = changed(startAt - 3 * day, [pipeline], []);
    expect(await severities(newWorld(), changed(startAt, [], [pipeline]))).toEqual([news]);
    expect(await severities(newWorld(), gone, changed(startAt, [], [pipeline]))).toEqual([known]);
  });

  const byUs = { initiatedBy: { app: { servicePrincipalId: self.servicePrincipalId, appId: null, displayName: "x" } } };

  it("is news again when we took it away ourselves, in whatever order the records come", async () => {
    const came = changed(startAt - 2 * day, [], [pipeline]);
    const taken = changed(startAt - day, [pipeline], [], byUs);
    const again = changed(startAt, [], [pipeline]);
    for (const records of [
      [came, taken, again],
      [taken, came, again],
    ])
      expect(await severities(newWorld(), ...records)).toEqual([news, news]);
    const bySomebody = changed(startAt - day, [pipeline], []);
    expect((await severities(newWorld(), came, bySomebody, again)).toSorted()).toEqual([news, known].toSorted());
  });

  it("is information when we gave back what we had taken away", async () => {
    const taken = changed(startAt - 3 * day, [pipeline], [], byUs);
    const given = changed(startAt - 2 * day, [], [pipeline], byUs);
    const gone = changed(startAt - day, [pipeline], []);
    const found = await severities(newWorld(), taken, given, gone, changed(startAt, [], [pipeline]));
    expect(found.at(-1)).toBe(known);
  });
});
