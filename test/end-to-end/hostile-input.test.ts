/** Whoever can send to a hub must not be able to use us as a weapon, blind us, or stop us. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BuiltApplication, BuiltIdentity } from "../../local/tenant/builders.ts";
import type { Twin } from "../../local/tenant/twin.ts";
import {
  addVictim,
  askGraph,
  deadLetters,
  isDisabled,
  leak,
  runsOf,
  stageOf,
  startWhole,
  sweepUntil,
  until,
  type Whole,
  wideRadius,
  writesTo,
} from "../support/system.ts";
import { type Claim, forgedAddition, forgedLeak } from "../support/system-forgeries.ts";

const minutes = 60_000;
const treasury = "5c1de1c8-1f3b-4c5e-9f4e-0f1f6a1b2c3d";
const otherTenant = "11111111-2222-4333-8444-555555555555";
const nobody = { id: "99999999-8888-4777-8666-555555555555", appId: "99999999-1111-4222-8333-444444444444" };
let whole: Whole;
let guarded: BuiltApplication;
let spares: BuiltApplication[] = [];

beforeAll(async () => {
  const prepare = (twin: Twin) => {
    guarded = twin.addApplication({
      displayName: "treasury",
      appId: treasury,
      passwords: 1,
      createdDaysAgo: 900,
      lastUsedDaysAgo: 40,
    });
    spares = Array.from({ length: 24 }, (_, n) => addVictim(twin, `workload-${n}`, 3));
  };
  // As hard as a policy can be set: what is not written here is kept back by more than the mode.
  const policyPatch = {
    ...wideRadius,
    "stages.eradicate": "enforce",
    "detections.credential-added-to-application": "enforce",
    "detections.credential-added-to-service-principal": "enforce",
    "detections.risky-service-principal": "enforce",
    "settle.addedCredentialMinutes": 0,
    "protected.never": [treasury],
  };
  whole = await startWhole({ prepare, policyPatch });
}, 2 * minutes);

afterAll(() => whole?.stop());

function next(): BuiltApplication {
  const spare = spares.shift();
  if (spare === undefined) throw new Error("there are too few identities");
  return spare;
}

function send(record: unknown): void {
  for (const partitionId of ["0", "1"]) whole.broker.enqueue("entra-risk", { records: [record] }, { partitionId });
}

function claimOn(identity: BuiltIdentity, change: Partial<Claim> = {}): Claim {
  const keyIds = identity.secrets.slice(0, 1).map(({ keyId }) => keyId);
  return { tenantId: whole.twin.tenantId, servicePrincipalId: identity.id, appId: identity.appId, keyIds, ...change };
}

/** Why the contain stage of the identity's first plan did nothing. */
async function reasonFor(identity: { readonly appId: string }, statuses: readonly string[]): Promise<string> {
  const stage = await sweepUntil(whole, `a stage of ${identity.appId} that is ${statuses.join(" or ")}`, async () => {
    const [run] = await runsOf(whole, identity);
    return run?.stages.find(({ status }) => statuses.includes(status));
  });
  return stage.reasons.join("; ");
}

async function letterOf(reason: string, about: string): Promise<string> {
  const letter = await until(`a dead letter ${reason} about ${about}`, async () => {
    return (await deadLetters(whole)).find((one) => one.reason === reason && JSON.stringify(one).includes(about));
  });
  return letter.detail;
}

/** After every group: a genuine attack on somebody else, on the same partitions, is still stopped. */
afterEach(async () => {
  const victim = next();
  leak(whole.twin, victim);
  await sweepUntil(whole, "the next genuine attack is contained", () => isDisabled(whole.twin, victim));
  expect(whole.twin.violations).toEqual([]);
}, 2 * minutes);

describe("identities that are never touched", () => {
  it(
    "refuses Microsoft Graph's own service principal, even where Graph has a detection on it",
    async () => {
      const { microsoftGraph } = whole.twin;
      send(forgedLeak(claimOn(microsoftGraph)));
      leak(whole.twin, { ...microsoftGraph, applicationId: "" });
      expect(await reasonFor(microsoftGraph, ["blocked"])).toMatch(
        /first-party: a Microsoft first-party service principal is never/,
      );
      expect(writesTo(whole.twin, [microsoftGraph.id, microsoftGraph.appId])).toEqual([]);
    },
    2 * minutes,
  );

  it(
    "refuses ourselves",
    async () => {
      const { runtimeIdentity } = whole.twin;
      send(forgedLeak(claimOn(runtimeIdentity)));
      expect(await reasonFor(runtimeIdentity, ["blocked"])).toContain(
        "never-self: this is the identity Tourniquet itself runs as",
      );
      expect(writesTo(whole.twin, [runtimeIdentity.id, runtimeIdentity.appId])).toEqual([]);
    },
    2 * minutes,
  );

  it(
    "refuses what the policy file protects, by a genuine leak too",
    async () => {
      leak(whole.twin, guarded);
      expect(await reasonFor(guarded, ["blocked"])).toContain(
        "protected-identity: the policy file protects this identity",
      );
      expect(isDisabled(whole.twin, guarded)).toBe(false);
      expect(writesTo(whole.twin, [guarded.id, guarded.applicationId])).toEqual([]);
    },
    2 * minutes,
  );
});

describe("claims that Graph does not bear out", () => {
  it(
    "asks a person about a forged leak of a real identity with a real, valid credential",
    async () => {
      const target = next();
      send(forgedLeak(claimOn(target)));
      expect(await reasonFor(target, ["waiting"])).toContain(
        "not-borne-out: Graph's own logs do not bear the record out",
      );
      expect(writesTo(whole.twin, [target.id])).toEqual([]);
    },
    2 * minutes,
  );

  it(
    "asks about a leak of a credential that is not there",
    async () => {
      const target = next();
      const risk = { riskEventType: "leakedCredentials", riskLevel: "high", keyIds: [nobody.id] };
      whole.twin.raiseRisk({ servicePrincipalId: target.id, ...risk });
      expect(await reasonFor(target, ["waiting"])).toContain("credential-still-valid");
      expect(isDisabled(whole.twin, target)).toBe(false);
    },
    2 * minutes,
  );

  it(
    "goes by ids: a look-alike name leads nobody to the identity it imitates",
    async () => {
      const [imitated, lookAlike] = [next(), next()];
      const { displayName } = whole.twin.state.servicePrincipal(imitated.id) ?? { displayName: "" };
      send(forgedLeak(claimOn(lookAlike, { displayName })));
      await reasonFor(lookAlike, ["waiting"]);
      expect(await runsOf(whole, imitated)).toEqual([]);
      expect(writesTo(whole.twin, [imitated.id, lookAlike.id])).toEqual([]);
    },
    2 * minutes,
  );

  it(
    "stays off both identities when one record names the ids of two, and still stops the genuine attack on either",
    async () => {
      const [one, other] = [next(), next()];
      const borrowed = leak(whole.twin, addDecoy());
      send(forgedLeak(claimOn(one, { servicePrincipalId: other.id, detectionId: borrowed })));
      await reasonFor(one, ["waiting", "blocked"]);
      expect(writesTo(whole.twin, [one.id, other.id])).toEqual([]);
      leak(whole.twin, one);
      leak(whole.twin, other);
      for (const identity of [one, other]) {
        await sweepUntil(whole, `${identity.appId} is contained`, () => isDisabled(whole.twin, identity));
      }
      // What was done is looked for on the right object, or a good containment would be called contradicted.
      const agrees = await sweepUntil(whole, "verified on its own object", async () => {
        return (
          (await stageOf(whole, one, "contain"))?.verification?.reads.map((read) => read.agrees).at(-1) !== undefined &&
          stageOf(whole, one, "contain")
        );
      });
      expect(agrees?.verification?.reads.every((read) => read.agrees)).toBe(true);
    },
    2 * minutes,
  );

  it(
    "does not let an old forged record veto the containment that a genuine one calls for",
    async () => {
      const target = next();
      send(forgedLeak(claimOn(target, { at: Date.now() - 300 * 24 * 3600_000 })));
      await reasonFor(target, ["waiting"]);
      leak(whole.twin, target);
      await sweepUntil(whole, "contained without a person", () => isDisabled(whole.twin, target));
    },
    2 * minutes,
  );
});

function addDecoy(): BuiltApplication {
  return next();
}

describe("secrets that are claimed to be new", () => {
  const aWhileAgo = () => Date.now() - 20 * minutes;

  it(
    "does not remove an old secret because a record says it was just added",
    async () => {
      const target = next();
      const [old, ...others] = target.secrets.map(({ keyId }) => keyId);
      if (old === undefined) throw new Error("no secret");
      const claim = {
        applicationId: target.applicationId,
        recordId: "Directory_forged_1",
        added: [old],
        before: others,
      };
      send(forgedAddition({ ...claimOn(target), ...claim, at: aWhileAgo() }));
      expect(await reasonFor(target, ["waiting"])).toContain(
        "not-borne-out: Graph's own logs do not bear the record out",
      );
      expect(whole.twin.state.application(target.applicationId)?.passwordCredentials).toHaveLength(3);
    },
    2 * minutes,
  );

  it(
    "does not remove it either when the forger borrows the id of a true record about another secret",
    async () => {
      const target = next();
      const [old, ...others] = target.secrets.map(({ keyId }) => keyId);
      if (old === undefined) throw new Error("no secret");
      // The genuine record stays in Graph's log alone: the hub gets only the forged one.
      const recordId = await addedByOwner(target);
      const claim = { applicationId: target.applicationId, recordId, added: [old], before: others };
      send(forgedAddition({ ...claimOn(target), ...claim }));
      const reason = await reasonFor(target, ["waiting", "blocked", "deferred", "observed"]);
      expect(reason).toContain("not-borne-out");
      const left = whole.twin.state.application(target.applicationId)?.passwordCredentials.map(({ keyId }) => keyId);
      expect(left).toContain(old);
    },
    2 * minutes,
  );
});

/** The owner adds a secret, and the hub is told of it much later; answers the id of Graph's own record. */
async function addedByOwner(target: BuiltApplication): Promise<string> {
  const { logDelayMs } = whole.twin.settings;
  const hands = whole.twin.as({
    kind: "user",
    id: nobody.id,
    userPrincipalName: "owner@contoso.example",
    ipAddress: "198.51.100.7",
  });
  logDelayMs.AuditLogs = 60 * minutes;
  hands.addPassword({ object: "application", id: target.applicationId });
  logDelayMs.AuditLogs = 0;
  const audits = await askGraph(whole, "/v1.0/auditLogs/directoryAudits");
  const record = audits.value.find(
    (one) => one.activityDisplayName.includes("secrets") && JSON.stringify(one).includes(target.applicationId),
  );
  if (record === undefined) throw new Error("Graph has no record of the addition");
  return record.id;
}

describe("what nobody can act on", () => {
  it(
    "keeps an identity that does not exist waiting for Graph, without a write",
    async () => {
      send(forgedLeak({ tenantId: whole.twin.tenantId, servicePrincipalId: nobody.id, appId: nobody.appId }));
      expect(await reasonFor(nobody, ["deferred"])).toContain("unusual-kind: Graph does not know this identity (yet)");
      expect(writesTo(whole.twin, [nobody.id, nobody.appId])).toEqual([]);
    },
    2 * minutes,
  );

  it(
    "turns another tenant's record away, even about an identity of ours",
    async () => {
      const target = next();
      send(forgedLeak(claimOn(target, { tenantId: otherTenant })));
      expect(await letterOf("other-tenant", otherTenant)).toBeTruthy();
      expect(await runsOf(whole, target)).toEqual([]);
    },
    2 * minutes,
  );

  it(
    "keeps nonsense, and 1 MB of nesting, as reduced dead letters, and counts them in its health",
    async () => {
      const depth = 450_000;
      const nested = `{"records":[{"category":"ServicePrincipalRiskEvents","properties":${"[".repeat(depth)}${"]".repeat(depth)}}]}`;
      const bodies = [
        nested,
        "[".repeat(900_000),
        "\u0000\u0001 not JSON",
        Buffer.from([0xff, 0xfe, 0x00]),
        42,
        null,
        [[[]]],
        { records: "none" },
      ];
      const before = (await deadLetters(whole)).length;
      for (const [n, body] of bodies.entries())
        whole.broker.enqueue("entra-risk", body, { partitionId: String(n % 4) });
      await until("dead letters", async () => (await deadLetters(whole)).length >= before + 3);
      const letters = await deadLetters(whole);
      expect(letters.every(({ firstBytes, detail }) => firstBytes.length <= 200 && detail.length > 20)).toBe(true);
      const health = (await (await fetch(`${whole.host.url}/api/health`)).json()) as { deadLetters: number };
      expect(health.deadLetters).toBe(letters.length);
    },
    2 * minutes,
  );
});
