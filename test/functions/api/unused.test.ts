/** What people see of identities that nobody uses, and what they may say about them. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Caller } from "../../../shared/domain/caller.ts";
import { verdictsOf } from "../../../shared/engine/unused/scan/scan-state.ts";
import { apiOn, apiServices, type CallApi } from "../../support/api.ts";
import { iso, startAt, tenantId } from "../../support/harness-cast.ts";
import { day, newWorld, type Process, policyWith, startProcess, type World } from "../../support/harness-world.ts";
import { callerWith } from "../../support/principal.ts";
import { firstScan, judged, keepRetirement, keepScan, refOf, retirement, secondScan } from "../../support/unused.ts";

const reader = callerWith(["Tourniquet.Reader"], 1);
const operator = callerWith(["Tourniquet.Operator"], 2);

type Item = { identity: { appId: string | null; key: string }; retirement: { state: string } | null };

describe("what nobody uses", () => {
  let world: World;
  let process: Process;
  let call: CallApi;

  function begin(policy = policyWith()): void {
    world = newWorld(policy);
    process = startProcess(world);
    call = apiOn(apiServices(process.services));
  }
  beforeEach(() => begin());

  const get = async (path: string, as: Caller = reader) => (await call("GET", path, { as })).body as never;
  const list = async (query = "") => (await get(`/unused${query}`)) as { items: Item[]; nextCursor: string | null };
  const say = (verb: string, id: string, as: Caller, body: object = {}) =>
    call("POST", `/unused/${id}/${verb}`, { as, body: { reason: "the quarterly close", ...body } });
  const appId = (n: number) => refOf(n).appId ?? "";
  const ids = (page: { items: Item[] }) => page.items.map(({ identity }) => identity.appId);

  describe("the listing", () => {
    const many = Array.from({ length: 23 }, (_, n) =>
      judged(n, { privileges: n % 5 === 0 ? ["Mail.ReadWrite", "Files.Read.All"].slice(n % 2) : [] }),
    );
    const ordered = [...many]
      .sort(
        (a, b) =>
          b.privileges.length - a.privileges.length || (a.verdict.lastUsedAt ?? 0) - (b.verdict.lastUsedAt ?? 0),
      )
      .map(({ identity }) => identity.appId);

    it("says that nothing was ever scanned, rather than that everything is used", async () => {
      expect(await list()).toEqual({ items: [], nextCursor: null, readAt: null });
      expect(await get("/unused/scan")).toMatchObject({ current: { state: "none" }, last: null });
    });

    it("comes in pages, the most privileged first and of those the longest unused, and loses and doubles none", async () => {
      await keepScan(process.services, many);
      for (const limit of [1, 4, 22, 23, 200]) {
        const seen: (string | null)[] = [];
        for (let cursor: string | null = ""; cursor !== null; ) {
          const page: { items: Item[]; nextCursor: string | null } = await list(
            `?limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`,
          );
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...ids(page));
          cursor = page.nextCursor;
        }
        expect(seen).toEqual(ordered);
      }
    });

    it("does not go on with a page of a scan that another one has followed, nor with a made-up cursor", async () => {
      await keepScan(process.services, many);
      const { nextCursor } = await list("?limit=2");
      await keepScan(process.services, many, { scanId: secondScan, startedAt: startAt });
      for (const cursor of [nextCursor, "e30", "bm8"]) {
        const refused = await call("GET", `/unused?cursor=${cursor}`, { as: reader });
        expect(refused).toMatchObject({ status: 400, body: { type: "urn:tourniquet:problem:bad-cursor" } });
      }
    });

    it("names what is under retirement or was restored though no scan does, and what is over only to who asks for it", async () => {
      await keepScan(process.services, [judged(1)]);
      await keepRetirement(process.services, refOf(1), retirement());
      await keepRetirement(process.services, refOf(2), retirement({ state: "deleted", deletedAt: iso(startAt - day) }));
      await keepRetirement(process.services, refOf(3), retirement({ state: "restored" }));
      await keepRetirement(process.services, refOf(4), retirement({ state: "back" }));
      await keepRetirement(process.services, refOf(5), retirement({ state: "gone" }));
      expect(ids(await list()).sort()).toEqual([1, 2, 3].map(appId));
      expect(ids(await list("?state=back"))).toEqual([appId(4)]);
      expect(ids(await list("?state=gone"))).toEqual([appId(5)]);
      expect(ids(await list("?use=unused"))).toEqual([appId(1)]);
      expect(ids(await list("?use=unknown"))).toEqual([]);
      const deleted = (await list("?state=deleted")).items[0];
      expect(await get(`/unused/${appId(2)}`)).toEqual(deleted);
      expect(deleted).toMatchObject({
        identity: { ...withoutTenant(2), claimedName: "as its record has it" },
        use: null,
        retirement: { next: { at: iso(startAt + 29 * day) } },
      });
    });
  });

  function withoutTenant(n: number) {
    const { tenantId: _, ...ref } = refOf(n);
    return ref;
  }

  it("is found by any of its ids, with everything that is known and when it was read", async () => {
    await keepScan(process.services, [judged(1), judged(2), judged(3), judged(4)]);
    await keepRetirement(process.services, refOf(4), retirement());
    const { appId: app, servicePrincipalId, applicationObjectId } = refOf(4);
    for (const id of [`appId:${app}`, app, servicePrincipalId, applicationObjectId?.toUpperCase()]) {
      expect(await get(`/unused/${id}`)).toMatchObject({
        identity: { appId: app, key: `${tenantId}|${app}` },
        use: "unused",
        reasons: [{ code: "unused-for-long" }],
        lastUsedAt: iso(startAt - 104 * day),
        retirement: { state: "told", next: { at: iso(startAt + 12 * day) }, ownersReadAt: iso(startAt - 2 * day) },
        word: null,
        readAt: iso(startAt - day),
      });
    }
    const unknown = await call("GET", `/unused/${refOf(99).appId}`, { as: reader });
    expect(unknown).toMatchObject({ status: 404, body: { type: "urn:tourniquet:problem:no-such-unused" } });
  });

  it("is looked for at once when somebody asks, and asking twice is one scan", async () => {
    for (const _ of [1, 2]) {
      const asked = await call("POST", "/unused/scan", { as: operator, body: {} });
      expect(asked).toMatchObject({
        status: 202,
        headers: { location: "/api/unused/scan" },
        body: { state: "requested" },
      });
    }
    expect(await get("/unused/scan")).toMatchObject({ current: { state: "requested" }, last: null });
  });

  it("answers with a problem, not with less, when somebody edited a page of the scan", async () => {
    await keepScan(process.services, [judged(1)]);
    await process.services.stores.scans.putPage(
      tenantId,
      verdictsOf(firstScan),
      "judged",
      0,
      [{ x: 1 }],
      startAt + day,
    );
    expect(await call("GET", "/unused", { as: reader })).toMatchObject({ status: 409 });
  });

  it("that was never retired has nothing to restore, whether or not it is only tried", async () => {
    await keepScan(process.services, [judged(1)]);
    for (const dryRun of [true, false])
      expect(await say("restore", appId(1), operator, { dryRun })).toMatchObject({
        status: 409,
        body: { type: "urn:tourniquet:problem:nothing-done" },
      });
  });
});
