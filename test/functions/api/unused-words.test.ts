/** What people may say about retiring an identity, who may say it, and what it comes to. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Caller } from "../../../shared/domain/caller.ts";
import { safetyKey, unusedKey } from "../../../shared/domain/identity.ts";
import { wordOn } from "../../../shared/engine/unused/words/words.ts";
import { apiOn, apiServices, type CallApi } from "../../support/api.ts";
import { iso, startAt, tenantId } from "../../support/harness-cast.ts";
import { day, newWorld, type Process, policyWith, startProcess, type World } from "../../support/harness-world.ts";
import { callerWith } from "../../support/principal.ts";
import { judged, keepScan, refOf, secondScan } from "../../support/unused.ts";

const reader = callerWith(["Tourniquet.Reader"], 1);
const operator = callerWith(["Tourniquet.Operator"], 2);
const admin = callerWith(["Tourniquet.Admin"], 3);
const owner = callerWith([], 4);
const other = callerWith([], 5);
const machine = callerWith([], 6, "workload");

describe("a word about retiring", () => {
  let world: World;
  let process: Process;
  let call: CallApi;

  function begin(policy = policyWith()): void {
    world = newWorld(policy);
    process = startProcess(world);
    call = apiOn(apiServices(process.services));
  }

  const get = async (path: string, as: Caller = reader) => (await call("GET", path, { as })).body as never;
  const say = (verb: string, id: string, as: Caller, body: object = {}) =>
    call("POST", `/unused/${id}/${verb}`, { as, body: { reason: "the quarterly close", ...body } });
  const appId = (n: number) => refOf(n).appId ?? "";
  const due = async () =>
    (await process.services.stores.due.all(tenantId)).filter(({ id }) => id === `retirement|${tenantId}|${appId(1)}`);
  const problem = (name: string) => ({ type: `urn:tourniquet:problem:${name}` });
  const on = (n: number) => wordOn(process.services, appId(n));

  beforeEach(async () => {
    begin();
    await keepScan(process.services, [judged(1), judged(2)]);
  });

  it("of an operator keeps at once, by whichever id, is signed, is in the ledger, and wakes the writer", async () => {
    const said = await say("keep", refOf(1).servicePrincipalId ?? "", operator);
    expect(said).toMatchObject({
      status: 202,
      headers: { location: expect.stringContaining("/api/unused/") },
      body: {
        key: `${tenantId}|${appId(1)}`,
        word: { kind: "keep", confirmed: true, reason: "the quarterly close" },
      },
    });
    expect(await on(1)).toMatchObject({ keptAt: world.clock.now(), unchecked: null, altered: null });
    expect(await due()).toMatchObject([{ wakeAt: world.clock.now() }]);
    expect(world.hub).toContainEqual(expect.objectContaining({ kind: "retirement" }));
    const shown = await get(`/unused/${appId(1)}`);
    expect(shown).toMatchObject({
      word: { kind: "keep", by: expect.stringContaining(operator.id), confirmed: true },
    });
  });

  it("of an owner only pauses until Graph was asked, and is said once however often", async () => {
    for (const reason of ["mine", "mine, really"]) {
      const said = await say("keep", appId(1), owner, { reason });
      expect(said).toMatchObject({ status: 202, body: { word: { confirmed: false, reason: "mine" } } });
    }
    expect(await on(1)).toMatchObject({ standing: "unchecked", keptAt: null, held: { by: expect.any(String) } });
    expect(await due()).toHaveLength(1);
    const words = await process.services.stores.identities.load(unusedKey(tenantId));
    expect([...words.keys()].filter((key) => key.startsWith("owner|"))).toHaveLength(1);
  });

  it("of a second one waits for the first to be checked, so that nobody takes an owner's word away", async () => {
    await say("keep", appId(1), owner);
    const refused = await say("keep", appId(1), other);
    expect(refused).toMatchObject({ status: 409, body: problem("word-being-checked") });
    expect(refused.headers["retry-after"]).toBe("30");
    expect((await on(1)).last?.by).toContain(owner.id);
  });

  it("of who is no owner is about what is unused alone, and bounded in all", async () => {
    expect(await say("keep", appId(77), owner)).toMatchObject({ status: 404, body: problem("no-such-unused") });
    await keepScan(
      process.services,
      Array.from({ length: 30 }, (_, n) => judged(n)),
      { scanId: secondScan },
    );
    const statuses: number[] = [];
    for (let n = 0; n < 22; n++) statuses.push((await say("keep", appId(n), owner)).status);
    expect(statuses).toEqual([...Array(20).fill(202), 409, 409]);
  });

  it("of a workload without a role is refused", async () => {
    expect(await say("keep", appId(1), machine)).toMatchObject({ status: 403, body: problem("needs-person") });
    const robot = callerWith(["Tourniquet.Operator"], 7, "workload");
    expect(await say("keep", appId(1), robot)).toMatchObject({ status: 202, body: { word: { confirmed: true } } });
  });

  it("holds for two years at most, and never for the past", async () => {
    const until = (days: number) => ({ until: iso(startAt + days * day) });
    expect(await say("hold", appId(1), operator, until(400))).toMatchObject({
      status: 200,
      body: { word: until(400) },
    });
    expect((await on(1)).held).toMatchObject({ until: startAt + 400 * day, reason: "the quarterly close" });
    for (const days of [-1, 0, 732, 5_000])
      expect(await say("hold", appId(1), operator, until(days))).toMatchObject({
        status: 400,
        body: problem("bad-until"),
      });
    expect(await say("hold", appId(1), operator, { until: "soon" })).toMatchObject({
      status: 400,
      body: problem("bad-input"),
    });
    // of what no scan names, too: a used one may be held before anybody asks
    expect(await say("hold", `appId:${appId(50)}`, operator, until(10))).toMatchObject({ status: 200 });
    expect(await say("hold", appId(1), owner, until(10))).toMatchObject({ status: 403 });
  });

  it("is released by an administrator, and what the policy file holds by nobody", async () => {
    expect(await say("release", appId(1), admin)).toMatchObject({ status: 409, body: problem("nothing-said") });
    await say("hold", appId(1), operator, { until: iso(startAt + 9 * day) });
    expect(await say("release", appId(1), operator)).toMatchObject({ status: 403 });
    expect(await say("release", appId(1), admin)).toMatchObject({ status: 200, body: { word: { kind: "release" } } });
    expect(await on(1)).toMatchObject({ held: null, keptAt: null });
    const { retire } = world.policy;
    const hold = { id: refOf(2).servicePrincipalId ?? "", until: "2027-01-01", reason: "audit" };
    begin(policyWith({ retire: { ...retire, holds: [hold] } }));
    await keepScan(process.services, [judged(2)]);
    expect(await say("release", appId(2), admin)).toMatchObject({ status: 409, body: problem("held-by-policy") });
  });

  it("about tier 0 is an administrator's; an operator can say it only as its owner", async () => {
    const policy = policyWith();
    begin({ ...policy, protected: { ...policy.protected, tier0: [refOf(1).applicationObjectId ?? ""] } });
    await keepScan(process.services, [judged(1)]);
    const until = { until: iso(startAt + 9 * day) };
    expect(await say("hold", appId(1), operator, until)).toMatchObject({ status: 403, body: problem("outranked") });
    expect(await say("keep", appId(1), operator)).toMatchObject({
      status: 202,
      body: { word: { confirmed: false } },
    });
    expect(await say("hold", appId(1), admin, until)).toMatchObject({ status: 200 });
    expect(await say("keep", appId(1), admin)).toMatchObject({ status: 202, body: { word: { confirmed: true } } });
  });

  it("takes a reason, and no name for an identity", async () => {
    expect(await say("keep", appId(1), operator, { reason: " " })).toMatchObject({ status: 400 });
    expect(await say("keep", "payroll", operator)).toMatchObject({ status: 400 });
  });

  it("that somebody put back or took away holds, rather than frees", async () => {
    await say("hold", appId(1), operator, { until: iso(startAt + 9 * day) });
    const { identities } = process.services.stores;
    const row = (await identities.load(unusedKey(tenantId))).get(`word|${appId(1)}`);
    await identities.commit(unusedKey(tenantId), [{ op: "delete", key: `word|${appId(1)}`, etag: row?.etag ?? "" }]);
    expect(await on(1)).toMatchObject({ altered: expect.any(String), held: { by: "tourniquet" } });
    expect(await get(`/unused/${appId(1)}`)).toMatchObject({ word: null, trouble: expect.stringContaining("altered") });
    expect(await say("release", appId(1), admin)).toMatchObject({ status: 200 });
    expect((await on(1)).altered).toBeNull();
  });

  it("leaves the tenant's safety rows alone", async () => {
    await say("keep", appId(1), operator);
    expect((await process.services.stores.identities.load(safetyKey(tenantId))).size).toBe(0);
  });
});
