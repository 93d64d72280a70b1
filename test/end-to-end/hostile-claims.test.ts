/** An event is a claim: whoever can send to a hub must neither use us as a weapon nor keep us from acting. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BuiltApplication } from "../../local/tenant/builders.ts";
import { askGraph, isDisabled, leak, runsOf, sweepUntil, writesTo } from "../support/system.ts";
import { forgedAddition, forgedLeak } from "../support/system-forgeries.ts";
import {
  claimOn,
  type HostileTenant,
  reasonFor,
  startHostileTenant,
  stillStopsAttacks,
} from "../support/system-hostile.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const minutes = 60_000;
const dayMs = 24 * 60 * minutes;
const notBorneOut = "not-borne-out: Graph's own logs do not bear the record out";
const owner = {
  kind: "user",
  id: "99999999-8888-4777-8666-555555555555",
  userPrincipalName: "owner@contoso.example",
  ipAddress: "198.51.100.7",
} as const;
let tenant: HostileTenant;

beforeAll(async () => {
  tenant = await startHostileTenant();
});

afterAll(() => tenant?.whole.stop());

describe("leaks that Graph does not bear out", () => {
  it("asks a person about a forged leak of a real identity with a real, valid credential", async () => {
    const target = tenant.next();
    tenant.send(forgedLeak(claimOn(tenant, target)));
    expect(await reasonFor(tenant, target, "waiting")).toContain(notBorneOut);
    expect(writesTo(tenant.whole.twin, [target.id])).toEqual([]);
  });

  it("takes a leak of a credential that is not there for over", async () => {
    const target = tenant.next();
    const risk = { riskEventType: "leakedCredentials", riskLevel: "high", keyIds: [owner.id] };
    tenant.whole.twin.raiseRisk({ servicePrincipalId: target.id, ...risk });
    expect(await reasonFor(tenant, target, "blocked")).toContain("already-remediated: every leaked credential is gone");
    expect(writesTo(tenant.whole.twin, [target.id, target.applicationId])).toEqual([]);
  });

  it("goes by ids: a look-alike name leads nobody to the identity it imitates", async () => {
    const [imitated, lookAlike] = [tenant.next(), tenant.next()];
    const displayName = tenant.whole.twin.state.servicePrincipal(imitated.id)?.displayName ?? "";
    tenant.send(forgedLeak(claimOn(tenant, lookAlike, { displayName })));
    await reasonFor(tenant, lookAlike, "waiting");
    expect(await runsOf(tenant.whole, imitated)).toEqual([]);
    expect(writesTo(tenant.whole.twin, [imitated.id, lookAlike.id])).toEqual([]);
  });

  it("stays off both identities of a record that names two, and still stops the genuine attack on either", async () => {
    const { whole } = tenant;
    const [one, other, third] = [tenant.next(), tenant.next(), tenant.next()];
    const detectionId = leak(whole.twin, third);
    tenant.send(forgedLeak(claimOn(tenant, one, { servicePrincipalId: other.id, detectionId })));
    await reasonFor(tenant, one, "waiting", "blocked");
    expect(writesTo(whole.twin, [one.id, other.id])).toEqual([]);
    for (const identity of [one, other]) {
      leak(whole.twin, identity);
      await sweepUntil(whole, `${identity.appId} is contained`, () => isDisabled(whole.twin, identity));
    }
    // Looked for on the right object, or a good containment would be called contradicted.
    const reads = await sweepUntil(whole, "it is looked at", async () => {
      const stages = (await runsOf(whole, one)).flatMap((run) => run.stages);
      const seen = stages.flatMap(({ verification }) => verification?.reads ?? []);
      return seen.length > 0 && seen;
    });
    expect(reads.filter(({ agrees }) => !agrees)).toEqual([]);
  });

  it("does not let an old forged record veto the containment that a genuine one calls for", async () => {
    const target = tenant.next();
    tenant.send(forgedLeak(claimOn(tenant, target, { at: Date.now() - 300 * dayMs })));
    await reasonFor(tenant, target, "waiting");
    leak(tenant.whole.twin, target);
    await sweepUntil(tenant.whole, "contained without a person", () => isDisabled(tenant.whole.twin, target));
  });

  it("still stops the next attacks", () => stillStopsAttacks(tenant));
});

/** Says that the first of the target's secrets was just added. */
function additionOfOld(target: BuiltApplication, recordId: string, at: number): { record: object; oldKeyId: string } {
  const [oldKeyId = "", ...before] = target.secrets.map(({ keyId }) => keyId);
  const claim = { ...claimOn(tenant, target), applicationId: target.applicationId, recordId, at };
  return { record: forgedAddition({ ...claim, added: [oldKeyId], before }), oldKeyId };
}

function secretsOf(target: BuiltApplication): readonly string[] {
  const application = tenant.whole.twin.state.application(target.applicationId);
  return application?.passwordCredentials.map(({ keyId }) => keyId) ?? [];
}

/** The owner adds a secret, and the hub is told of it much later; answers the id of Graph's own record. */
async function addedByOwner(target: BuiltApplication): Promise<string> {
  const { twin } = tenant.whole;
  twin.settings.logDelayMs.AuditLogs = 60 * minutes;
  twin.as(owner).addPassword({ object: "application", id: target.applicationId });
  twin.settings.logDelayMs.AuditLogs = 0;
  const audits = await askGraph(tenant.whole, "/v1.0/auditLogs/directoryAudits?$top=999");
  const about = audits.value.filter((one) => JSON.stringify(one).includes(target.applicationId));
  const record = about.find(({ activityDisplayName }) => activityDisplayName.includes("secrets"));
  if (record === undefined) throw new Error(`Graph has no record of the addition among ${audits.value.length}`);
  return record.id;
}

describe("old secrets that are claimed to be new", () => {
  it("does not remove one because a record says it was just added", async () => {
    const target = tenant.next();
    const { record, oldKeyId } = additionOfOld(target, "Directory_forged_1", Date.now() - 20 * minutes);
    tenant.send(record);
    expect(await reasonFor(tenant, target, "waiting")).toContain(notBorneOut);
    expect(secretsOf(target)).toContain(oldKeyId);
  });

  it("does not remove one when the forger borrows the id of a true record about another secret", async () => {
    const target = tenant.next();
    const { record, oldKeyId } = additionOfOld(target, await addedByOwner(target), Date.now());
    tenant.send(record);
    expect(await reasonFor(tenant, target, "waiting")).toContain(notBorneOut);
    expect(secretsOf(target)).toContain(oldKeyId);
    expect(writesTo(tenant.whole.twin, [target.applicationId, target.id])).toEqual([]);
  });

  it("still stops the next attacks", () => stillStopsAttacks(tenant));
});
