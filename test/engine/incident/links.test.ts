/** Related incidents are found from both sides, by actor and by key, and a link that leads nowhere says nothing. */
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { Finding } from "../../../shared/domain/finding.ts";
import { identityKey, nobodyIn } from "../../../shared/domain/identity.ts";
import { Incident } from "../../../shared/domain/incident.ts";
import { fileFinding } from "../../../shared/engine/incident/file-finding.ts";
import { noteLinks, type Related, relatedIncidents } from "../../../shared/engine/incident/links.ts";
import { placeFinding } from "../../../shared/engine/incident/place-finding.ts";
import { findShownPlan } from "../../../shared/engine/people/show/plan-in.ts";
import { runDetail } from "../../../shared/engine/people/show/run-detail.ts";
import { loadPartition, readAll } from "../../../shared/engine/rows/partition.ts";
import { credentialFinding } from "../../support/findings.ts";
import { Harness } from "../../support/harness.ts";
import { addIdentity, another, guid, tenantId } from "../../support/harness-cast.ts";

vi.setConfig({ testTimeout: 60_000 });

const person = guid(7);

/** A key added to the nth identity, by whom. */
function added(n: number, keyId: string, actorId: string | null): Finding {
  const { appId, servicePrincipalId } = another(n);
  const key = { keyId, keyType: "Password" as const, keyUsage: "Verify" as const, claimedName: "x" };
  return {
    ...credentialFinding({ objectId: servicePrincipalId, added: [key] }, { actorId }),
    id: `${n} ${keyId} ${actorId}`,
    subject: { tenantId, appId, servicePrincipalId, applicationObjectId: null },
  };
}

const keyOf = (n: number) => identityKey(tenantId, another(n).appId);

async function filed(findings: readonly (readonly [number, Finding])[]): Promise<Harness> {
  const harness = await Harness.start();
  for (const [n, finding] of findings) {
    await harness.process.services.stores.aliases.learn(finding.subject);
    await fileFinding(harness.process.services, keyOf(n), finding);
  }
  return harness;
}

async function relatedTo(harness: Harness, key: string): Promise<readonly Related[]> {
  const { stores } = harness.tables;
  const partition = await loadPartition(stores.identities, key);
  const [incident] = readAll(partition, "incident|", Incident);
  return incident === undefined ? [] : relatedIncidents(stores, partition, incident.id);
}

it("the same key on two identities ties them, and an actor's own incident is tied to what it did", async () => {
  const harness = await filed([
    [1, added(1, guid(50), person)],
    [2, added(2, guid(50), null)],
    [3, added(3, guid(51), another(1).servicePrincipalId)],
  ]);
  expect((await relatedTo(harness, keyOf(2))).map(({ identity, why }) => [identity, why])).toEqual([
    [keyOf(1), [`the same key ${guid(50)}`]],
  ]);
  expect((await relatedTo(harness, keyOf(1))).map(({ identity, why }) => [identity, why])).toEqual([
    [keyOf(2), [`the same key ${guid(50)}`]],
    [keyOf(3), [`its actor ${another(1).servicePrincipalId}`]],
  ]);
  expect((await relatedTo(harness, keyOf(3)))[0]?.why).toEqual([`it is the actor ${another(1).servicePrincipalId}`]);
});

it("a person's own topic is tied to what that person did", async () => {
  const harness = await filed([[1, added(1, guid(50), person)]]);
  const { id: _, ...finding } = added(1, guid(52), null);
  const topic = { kind: "user", id: person } as const;
  await placeFinding(harness.process.services, { ...finding, ceiling: "notify", subject: nobodyIn(tenantId), topic });
  expect(await relatedTo(harness, keyOf(1))).toMatchObject([{ identity: `${tenantId}|topic:user:${person}` }]);
});

it("is symmetric, and the same in any order, however often a finding comes", async () => {
  const one = fc.record({
    n: fc.integer({ min: 1, max: 4 }),
    key: fc.integer({ min: 50, max: 52 }),
    actor: fc.constantFrom(null, person, another(1).servicePrincipalId, another(2).servicePrincipalId),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 6 }), async (all) => {
      const findings = all.map(({ n, key, actor }) => [n, added(n, guid(key), actor)] as const);
      const said = async (harness: Harness) => {
        const pairs = await Promise.all(
          [1, 2, 3, 4].map(async (n) => [n, await relatedTo(harness, keyOf(n))] as const),
        );
        return pairs.flatMap(([n, related]) => related.map(({ identity }) => `${keyOf(n)} ${identity}`)).sort();
      };
      const pairs = await said(await filed(findings));
      expect(await said(await filed([...findings.toReversed(), ...findings]))).toEqual(pairs);
      expect(pairs.map((pair) => pair.split(" ").toReversed().join(" ")).sort()).toEqual(pairs);
    }),
    { numRuns: 40 },
  );
});

it("a link whose finding was never filed leads nowhere; and a plan shows what its incident is related to", async () => {
  const harness = await filed([
    [1, added(1, guid(50), null)],
    [2, added(2, guid(50), null)],
  ]);
  await noteLinks(harness.process.services, keyOf(3), added(3, guid(50), null));
  expect((await relatedTo(harness, keyOf(1))).map(({ identity }) => identity)).toEqual([keyOf(2)]);
  harness.tenant.change((directory) => addIdentity(directory, another(1)));
  const run = (await harness.runs()).find(({ identity }) => identity === keyOf(1));
  if (run === undefined) throw new Error("nothing is planned");
  const plan = await findShownPlan(harness.tables, run.planId);
  if (plan === null || plan === "unreadable") throw new Error("it is not shown");
  const { related } = await runDetail(harness.tables, plan);
  expect(related).toMatchObject([{ identity: keyOf(2), why: [expect.stringContaining(`the same key ${guid(50)}`)] }]);
});
