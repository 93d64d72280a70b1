/** GET /api/runs and /api/runs/{id}: what a terminal and a SIEM read, whatever somebody did to the rows. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { getRun, listRuns } from "../../../shared/api/show-runs.ts";
import { identityKey } from "../../../shared/domain/identity.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { rowKey } from "../../../shared/engine/rows/rows.ts";
import type { Harness } from "../../support/harness.ts";
import { another, appId, servicePrincipalId, tenantId } from "../../support/harness-cast.ts";
import { asking, callOn, leakAnother, leakedWorld } from "./show-world.ts";

type Asks = ReturnType<typeof asking>;

async function everyPage(ask: Asks, query: string, meanwhile: () => Promise<void> = async () => undefined) {
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof pageAt>> = await pageAt(ask, query, cursor);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    await meanwhile();
  }
  return seen;
}

function pageAt(ask: Asks, query: string, cursor: string) {
  return ask(listRuns, `/runs?${query}${cursor === "" ? "" : `&cursor=${cursor}`}`);
}

describe("the listing", () => {
  let harness: Harness;
  let ask: Asks;
  beforeAll(async () => {
    harness = await leakedWorld(6);
    ask = asking(harness);
  });

  it("gives each plan exactly once, newest first, whatever the size of its pages", async () => {
    const all = (await ask(listRuns, "/runs?limit=200")).items;
    expect(all.length).toBeGreaterThanOrEqual(7);
    expect(all.map(({ createdAt }) => createdAt)).toEqual(
      all
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (limit) => {
        expect(await everyPage(ask, `limit=${limit}`)).toEqual(all.map(({ id }) => id));
      }),
      { numRuns: 9 },
    );
  });

  it("shifts nothing when plans come while somebody pages", async () => {
    const world = await leakedWorld(4);
    const asks = asking(world);
    const before = (await asks(listRuns, "/runs?limit=200")).items.map(({ id }) => id);
    let n = 10;
    expect(await everyPage(asks, "limit=2", () => leakAnother(world, n++))).toEqual(before);
  });

  it("loads the partitions of its page and no others", async () => {
    const loaded: string[] = [];
    const { services } = harness.process;
    const { identities } = services.stores;
    const load = (key: string) => {
      loaded.push(key);
      return identities.load(key);
    };
    const stores = { ...services.stores, identities: { ...identities, load } };
    const one = asking({ process: { ...harness.process, services: { ...services, stores } } });
    await one(listRuns, "/runs?limit=2");
    expect(new Set(loaded).size).toBe(2);
  });

  it("filters by how a stage stands, by identity, incident and playbook", async () => {
    const { items: all } = await ask(listRuns, "/runs?limit=200");
    const [first] = all;
    const idsOf = async (query: string) => (await ask(listRuns, `/runs?limit=200&${query}`)).items.map(({ id }) => id);
    const waiting = all.filter(({ stages }) => stages.some(({ status }) => status === "waiting"));
    expect(waiting.length).toBeGreaterThan(0);
    expect(await idsOf("status=waiting")).toEqual(waiting.map(({ id }) => id));
    expect(await idsOf("status=undone")).toEqual([]);
    const victims = all.filter(({ identity }) => identity.key === identityKey(tenantId, appId)).map(({ id }) => id);
    expect(await idsOf(`identity=appId:${appId.toUpperCase()}`)).toEqual(victims);
    expect(await idsOf(`identity=${servicePrincipalId}`)).toEqual(victims);
    expect(await idsOf(`incident=${first?.incidentId}`)).toContain(first?.id);
    expect(await idsOf(`playbook=${first?.playbook}`)).toContain(first?.id);
    expect(await idsOf("playbook=none-of-ours")).toEqual([]);
  });

  it("refuses a cursor of somebody's own", async () => {
    for (const cursor of ["!", "bm9uZQ", Buffer.from("[1]").toString("base64url")]) {
      expect(await callOn(harness)(`/runs?cursor=${encodeURIComponent(cursor)}`)).toMatchObject({ status: 400 });
    }
  });
});

describe("rows that somebody edited", () => {
  it("are shown as altered, or named, and break no listing", async () => {
    const harness = await leakedWorld(2);
    const ask = asking(harness);
    const { items: before } = await ask(listRuns, "/runs");
    const [newest, second, last] = before;
    const edit = (planId: string | undefined, change: (payload: string) => unknown) =>
      harness.editRow(rowKey.plan(planId ?? ""), (row) => ({ ...row, payload: change(String(row.payload)) }));
    edit(newest?.id, (payload) => payload.replace('"createdAt":"2026', `"createdAt":"9999${"9".repeat(900)}`));
    edit(second?.id, () => "no plan");
    harness.editRow(`stage|${last?.id}|`, () => ({ status: "free" }));
    const after = await ask(listRuns, "/runs");
    expect(after.items.map(({ id, altered, hash }) => ({ id, altered, hash }))).toEqual([
      { id: newest?.id, altered: true, hash: null },
    ]);
    expect(after.unreadable.map(({ row }) => row).sort()).toEqual(
      [rowKey.plan(second?.id ?? ""), rowKey.plan(last?.id ?? "")].sort(),
    );
    expect(await everyPage(ask, "limit=1")).toEqual([newest?.id]);
    expect(await ask(getRun, `/runs/${newest?.id}`)).toMatchObject({ altered: true, hash: null });
    const call = callOn(harness);
    expect(await call(`/runs/${second?.id}`)).toMatchObject({ status: 409 });
    expect(await call(`/runs/${last?.id}`)).toMatchObject({ status: 409 });
  });

  it("keep nobody from the plan that was copied under another identity", async () => {
    const harness = await leakedWorld(1);
    const ask = asking(harness);
    const plan = await harness.plan();
    const rows = harness.world.data.identities;
    const row = rows.get(plan.identity)?.get(rowKey.plan(plan.planId));
    for (const key of [`${tenantId}|00000000`, identityKey(tenantId, another(0).appId)]) {
      rows.set(key, new Map([...(rows.get(key) ?? []), [rowKey.plan(plan.planId), row as never]]));
    }
    const shown = await ask(getRun, `/runs/${plan.planId}`);
    expect(shown).toMatchObject({ altered: false, identity: { key: plan.identity } });
    const { items } = await ask(listRuns, "/runs?limit=200");
    const ofIt = items.filter(({ id }) => id === plan.planId).map(({ altered, identity }) => [identity.key, altered]);
    expect(ofIt).toHaveLength(3);
    expect(ofIt.filter(([, altered]) => altered === false)).toEqual([[plan.identity, false]]);
    expect((await findPlan(harness.tables, plan.planId)).partition.key).toBe(plan.identity);
  });
});

describe("one plan", () => {
  it("says what waits, exactly what would be sent, and who is missing", async () => {
    const harness = await leakedWorld(0);
    const { planId, incidentId } = await harness.plan();
    const shown = await asking(harness)(getRun, `/runs/${planId}`);
    expect(shown).toMatchObject({ id: planId, incidentId, requestedBy: "tourniquet", reason: null, altered: false });
    expect(shown.findings).toMatchObject([{ recordId: "detection-1", category: "ServicePrincipalRiskEvents" }]);
    const [contain] = shown.stages;
    expect(contain).toMatchObject({ stage: "contain", status: "waiting", people: 1, missing: 1, decisions: [] });
    const requests = contain?.steps.flatMap((step) => step.requests) ?? [];
    expect(contain?.card).toMatchObject({ planId, stage: "contain", planHash: shown.hash, people: 1 });
    expect(contain?.card?.requests.length).toBeGreaterThan(0);
    expect(requests.some((line) => line.includes('"accountEnabled":false'))).toBe(true);
    expect(contain?.steps.every(({ difference }) => difference.after.length === 0)).toBe(true);
    expect(shown.residualAccess).toEqual([]);
  });

  it("says afterwards how it was, what was sent, by which requests, who decided and why, and what still works", async () => {
    const harness = await leakedWorld(0);
    const { planId } = await harness.plan();
    await harness.decide("contain");
    await harness.run(10 * 60_000);
    const shown = await asking(harness)(getRun, `/runs/${planId}`);
    const [contain] = shown.stages;
    expect(contain).toMatchObject({ status: "done", missing: 0, verification: { state: "verified" }, card: null });
    expect(contain?.decisions).toMatchObject([{ decision: "approve", reason: "because", whyNot: null, alone: false }]);
    const disable = contain?.steps.find(({ action }) => action === "disable-service-principal");
    expect(disable?.difference.before).not.toBeNull();
    expect(disable?.difference).toMatchObject({ after: disable?.requests, beforeAltered: false });
    expect(disable?.outcome?.requestIds.length).toBeGreaterThan(0);
    expect(shown.residualAccess.map(({ where }) => where)).toContain("Microsoft Graph");
  });

  it("tells an approval and a receipt that somebody edited from those that count", async () => {
    const harness = await leakedWorld(0);
    const { planId } = await harness.plan();
    await harness.decide("contain");
    harness.editRow(`approval|${planId}`, (row) => ({
      ...row,
      payload: String(row.payload).replace("because", "I said so"),
    }));
    const [contain] = (await asking(harness)(getRun, `/runs/${planId}`)).stages;
    expect(contain?.decisions).toMatchObject([{ decision: null, by: null, reason: null }]);
    expect(contain?.decisions[0]?.whyNot).toMatch(/signature/);
    expect(contain?.missing).toBe(1);
    await harness.decide("contain", "approve", "bob");
    await harness.run(10 * 60_000);
    harness.editRow(`step|${planId}|000`, (row) => ({ ...row, receipt: { accountEnabled: false } }));
    const [done] = (await asking(harness)(getRun, `/runs/${planId}`)).stages;
    expect(done?.steps[0]?.difference.beforeAltered).toBe(true);
  });

  it("that there is not is said to be none", async () => {
    const answer = await callOn(await leakedWorld(0))(`/runs/${"A".repeat(22)}`);
    expect(answer).toMatchObject({ status: 404, body: { type: "urn:tourniquet:problem:no-such-plan" } });
  });
});
