/** Payroll's credential of two years, which a record calls added under the id of a true record of something else: it stays. */
import { describe, expect, it } from "vitest";
import { audit, keys, type Raw, target } from "../../records/build.ts";
import { Harness } from "../../support/harness.ts";
import { credentialAdded, guid, iso, onPrincipal, startAt } from "../../support/harness-cast.ts";
import { day, policyWith } from "../../support/harness-world.ts";
import { signedIn } from "../../support/learning.ts";

const minute = 60_000;
const others = [[guid(1)], [guid(2)], [guid(3)]] as const;
const before = keys(...others);
const enforcing = policyWith({
  stages: { ...policyWith().stages, eradicate: "enforce" },
  detections: { "credential-added-to-service-principal": { max: "enforce", require: [] } },
});

const claim = () =>
  credentialAdded({ object: "ServicePrincipal", before, after: keys(...others, [onPrincipal]) }).record;

/** Graph's own copy under the same id. */
function copyOf(record: Raw): Raw {
  return { ...(record.properties as Raw), activityDisplayName: record.operationName };
}

const addition = (change: Parameters<typeof credentialAdded>[0]) =>
  copyOf(
    credentialAdded({ object: "ServicePrincipal", before, after: keys(...others, [onPrincipal]), ...change }).record,
  );

const rename = () => {
  const name = { displayName: "DisplayName", oldValue: '["a"]', newValue: '["b"]' };
  const targetResources = [target("ServicePrincipal", "9089a539-a539-4089-89a5-899039a58990", name)];
  const said = { id: "audit-1", activityDateTime: iso(startAt - minute), targetResources };
  return copyOf(audit(said, "Update service principal"));
};

async function claimed(copy: Raw, usedAt: readonly number[]): Promise<Harness> {
  const harness = await Harness.start(enforcing);
  harness.tenant.change(({ audits }) => audits.push(copy as never));
  for (const at of usedAt) await harness.deliver(signedIn(at, { servicePrincipalCredentialKeyId: onPrincipal }));
  const record = claim();
  await harness.deliver(record);
  await harness.deliver(record);
  await harness.run(2 * 60 * minute);
  return harness;
}

const isThere = ({ tenant }: Harness) =>
  tenant.directory.servicePrincipals.some(({ passwordCredentials }) =>
    passwordCredentials.some(({ keyId }) => keyId === onPrincipal),
  );

const doubts = async (harness: Harness) => (await harness.stage("eradicate", "remove-added-credential")).reasons.join();

describe("a credential that a record calls added", () => {
  it.each<[string, () => Raw]>([
    ["a rename", rename],
    ["another credential's addition", () => addition({ after: keys(...others, [guid(4)]) })],
    ["an addition to somebody else", () => addition({ objectId: guid(5) })],
    ["an addition three weeks ago", () => addition({ at: startAt - 21 * day })],
  ])(
    "stays where Graph's log has %s under that id, used for long or not, and whoever is asked hears of the doubt",
    async (_, copy) => {
      for (const used of [[startAt - 700 * day, startAt - 20 * day, startAt], [startAt], []]) {
        const harness = await claimed(copy(), used);
        expect(isThere(harness)).toBe(true);
        expect(harness.tenant.writes).toEqual([]);
        expect(await doubts(harness)).toMatch(/not-borne-out|the evidence is 30\d+ minutes old/);
        const isUsedAtOnce = harness
          .events("finding.created")
          .some(({ data }) => data.detection === "credential-used-at-once");
        expect(isUsedAtOnce).toBe(used.length === 1);
      }
    },
  );

  it("is doubted when it was used before, though Graph's log bears the addition out", async () => {
    const harness = await claimed(addition({}), [startAt - 700 * day, startAt - 20 * day]);
    expect(isThere(harness)).toBe(true);
    expect(await doubts(harness)).toContain("not-borne-out");
  });

  it("is not doubted when Graph's log bears it out and nobody had seen it", async () => {
    const harness = await claimed(addition({}), []);
    expect(await doubts(harness)).toContain("approval-needed");
    expect(await doubts(harness)).not.toContain("not-borne-out");
  });
});
