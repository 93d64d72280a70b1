/** Somebody adds a credential: surgical removal, after the settle time, and only by a person where it looks like a rotation. */
import { describe, expect, it } from "vitest";
import { keys } from "../../records/build.ts";
import { Harness } from "../../support/harness.ts";
import {
  added,
  addedBeside,
  applicationId,
  certOnPrincipal,
  credentialAdded,
  guid,
  onPrincipal,
  servicePrincipalId,
  startAt,
} from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const others = [[guid(1)], [guid(2)], [guid(3)]] as const;
const beside = { object: "ServicePrincipal", before: keys(...others), after: keys(...others, [onPrincipal]) } as const;
const approving = policyWith({
  detections: {
    "credential-added-to-application": { max: "approve", require: [] },
    "credential-added-to-service-principal": { max: "approve", require: [] },
  },
});

async function addition(change: Parameters<typeof credentialAdded>[0] = {}, policy = approving): Promise<Harness> {
  const harness = await Harness.start(policy);
  const { record, copy } = credentialAdded(change);
  harness.tenant.change((directory) => directory.audits.push(copy));
  await harness.deliver(record);
  await harness.run();
  return harness;
}

describe("a credential added to an application", () => {
  it("is left alone until the settle time is over", async () => {
    const harness = await addition();
    expect(await harness.stage("eradicate")).toMatchObject({ status: "pending" });
    await harness.run(18 * minute);
    expect(await harness.stage("eradicate")).toMatchObject({ status: "pending" });
    await harness.run(2 * minute);
    expect(await harness.stage("eradicate")).toMatchObject({ status: "waiting" });
    expect(harness.tenant.writes).toEqual([]);
  });

  it("goes on approval: exactly that keyId on exactly that object", async () => {
    const harness = await addition();
    await harness.run(30 * minute);
    await harness.decide("eradicate");
    await harness.run();
    expect(harness.lines()).toEqual([`POST /applications/${applicationId}/removePassword {"keyId":"${added}"}`]);
    expect((await harness.stage("eradicate")).status).toBe("done");
  });

  it("is resolved by the object id alone, and the next record of it without asking Graph who it is", async () => {
    const harness = await addition();
    const reads = harness.tenant.reads;
    const other = credentialAdded({ id: "audit-2", after: keys([guid(9)], ...others), before: keys(...others) });
    await harness.deliver(other.record);
    expect(harness.tenant.reads).toBe(reads);
    expect(await harness.runs()).toHaveLength(2);
  });

  it.each([
    ["nothing says what was there before", { before: null, after: keys([added]) }],
    ["one came and one went, as in a rotation", { before: keys([guid(1)]), after: keys([added]) }],
    ["it is the only one that works", { ...beside, before: keys(...others) }],
    ["it came beside exactly one", addedBeside],
  ])("asks even where the policy enforces when %s", async (_why, change) => {
    const enforcing = policyWith({
      stages: { contain: "enforce", eradicate: "enforce", retire: "observe" },
      detections: { "credential-added-to-application": { max: "enforce", require: [] } },
    });
    const harness = await addition(change, enforcing);
    await harness.run(40 * minute);
    expect(harness.tenant.writes).toEqual([]);
    expect((await harness.stage("eradicate")).status).not.toBe("done");
  });

  it("is left alone when the record names keys that are not there", async () => {
    const harness = await addition({ before: keys(...others), after: keys(...others, [guid(77)]) });
    await harness.run(40 * minute);
    await harness.decide("eradicate");
    await harness.run();
    expect(harness.tenant.writes).toEqual([]);
    expect((await harness.stage("eradicate")).steps[0]?.outcome?.status).toBe("already-in-place");
  });

  it("leaves a certificate on the service principal beside the secret that was added there", async () => {
    const harness = await addition(beside);
    await harness.run(40 * minute);
    await harness.decide("eradicate");
    await harness.run();
    expect(harness.lines()).toEqual([
      `POST /servicePrincipals/${servicePrincipalId}/removePassword {"keyId":"${onPrincipal}"}`,
    ]);
    const [principal] = harness.tenant.directory.servicePrincipals;
    expect(principal?.keyCredentials.map(({ keyId }) => keyId)).toEqual([certOnPrincipal]);
  });

  it("waits longer for Graph's own copy of the record, then asks, naming the doubt", async () => {
    const harness = await Harness.start(approving);
    await harness.deliver(credentialAdded({ at: startAt - minute }).record);
    await harness.run(60 * minute);
    const { status, reasons } = await harness.stage("eradicate");
    expect(status).toBe("waiting");
    expect(reasons.join()).toContain("not-borne-out");
  });

  it("is removed although removePassword answers 400 for a moment, as it does right after addPassword", async () => {
    const harness = await addition();
    await harness.run(30 * minute);
    harness.tenant.faults.push({
      path: "removePassword",
      times: 2,
      answer: { status: 400, code: "Request_BadRequest", retryable: false },
    });
    await harness.decide("eradicate");
    await harness.run(2 * minute);
    expect(await harness.stage("eradicate")).toMatchObject({ status: "done" });
    expect(harness.tenant.writes).toHaveLength(1);
  });
});

describe("a SAML signing set", () => {
  it("makes no plan, says why, and its incident closes after quiet time", async () => {
    const sign = guid(41);
    const set = keys(
      [sign, "CN=sso", "AsymmetricX509Cert", "Sign"],
      [guid(42), "CN=sso", "AsymmetricX509Cert"],
      [sign, "CN=sso"],
    );
    const harness = await addition({ object: "ServicePrincipal", before: "[]", after: set });
    await harness.run(40 * minute);
    expect(await harness.runs()).toEqual([]);
    expect(harness.events("finding.created")[0]?.message).toMatch(/no new plan: a SAML signing set/);
    await harness.run(100 * 60 * minute);
    expect(harness.events("incident.closed")).toHaveLength(1);
  });
});
