/** A credential that was there before is not new, whatever a record says; and what two keys learned comes together. */
import { describe, expect, it } from "vitest";
import { emptyBaseline } from "../../../shared/domain/baseline.ts";
import { identityKey } from "../../../shared/domain/identity.ts";
import { keys, type Raw, signIn } from "../../records/build.ts";
import { Harness } from "../../support/harness.ts";
import {
  added,
  appId,
  credentialAdded,
  guid,
  iso,
  onPrincipal,
  startAt,
  tenantId,
} from "../../support/harness-cast.ts";
import { day, policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const others = [[guid(1)], [guid(2)], [guid(3)]] as const;
const beside = { object: "ServicePrincipal", before: keys(...others), after: keys(...others, [onPrincipal]) } as const;
const enforcing = policyWith({
  detections: { "credential-added-to-service-principal": { max: "enforce", require: [] } },
});

function signedIn(id: string, at: number, keyId: string): Raw {
  const properties = { id, createdDateTime: iso(at), servicePrincipalCredentialKeyId: keyId, status: { errorCode: 0 } };
  return signIn(properties, { resultType: "0" });
}

async function addition(usedAt: number): Promise<Harness> {
  const harness = await Harness.start(enforcing);
  const { record, copy } = credentialAdded(beside);
  harness.tenant.change((directory) => directory.audits.push(copy));
  await harness.deliver(signedIn("use", usedAt, onPrincipal));
  await harness.deliver(record);
  await harness.run(30 * minute);
  return harness;
}

const reasons = async (harness: Harness) => (await harness.stage("eradicate")).reasons.join();

describe("a credential that Graph's log says was added", () => {
  it("is no news when the identity signed in with it weeks before, so a person is asked whether it goes", async () => {
    expect(await reasons(await addition(startAt - 20 * day))).toContain("not-borne-out");
  });

  it("is news when it was used only now", async () => {
    expect(await reasons(await addition(startAt - 30_000))).not.toContain("not-borne-out");
  });
});

describe("what was learned under an id that nobody knew", () => {
  const addedTo = () => credentialAdded({ at: startAt - 2 * minute });
  const use = () => signedIn("use-at-once", startAt - minute, added);

  it.each([
    ["added first", (): Raw[] => [addedTo().record, use()]],
    ["used first", (): Raw[] => [use(), addedTo().record]],
  ])("tells of a credential that is used at once, when it was %s", async (_, records) => {
    const harness = await Harness.start();
    harness.tenant.change((directory) => directory.audits.push(addedTo().copy));
    for (const record of records()) await harness.deliver(record);
    const found = () => harness.events("finding.created").map(({ data }) => data.detection);
    expect(found()).not.toContain("credential-used-at-once");
    await harness.run();
    expect(found().filter((id) => id === "credential-used-at-once")).toHaveLength(1);
    const stored = await harness.tables.stores.baselines.get(identityKey(tenantId, appId));
    const { seen } = stored?.baseline ?? emptyBaseline;
    expect([Object.keys(seen.key ?? {}), Object.keys(seen["key-added"] ?? {})]).toEqual([[added], [added]]);
    for (const record of records()) await harness.deliver(record);
    await harness.run();
    expect(found().filter((id) => id === "credential-used-at-once")).toHaveLength(1);
  });
});
