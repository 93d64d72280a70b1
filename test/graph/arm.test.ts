/** Azure Resource Manager: the same answers, deadlines and care with our token as Graph, at its own address. */
import { describe, expect, it } from "vitest";
import { createArmTenant } from "../../shared/graph/arm-tenant.ts";
import { routeByVersion } from "../../shared/graph/by-version.ts";
import type { ApiRequest } from "../../shared/ports/tenant.ts";
import { graphError, rig } from "./graph-server.ts";

const list: ApiRequest = {
  method: "GET",
  version: "arm",
  path: "/subscriptions?api-version=2022-12-01",
  lane: "azure",
};
const assignment = "/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/a?api-version=2022-04-01";
const remove: ApiRequest = { ...list, method: "DELETE", path: assignment };

type Handler = Parameters<typeof rig>[0];
type Options = Parameters<typeof rig>[1];

/** Resource Manager at one server, Graph at another; the engine sees one tenant. */
async function both(arm: Handler, graph: Handler = () => ({ status: 200, body: {} }), options: Options = {}) {
  const { options: given, ...there } = await rig(arm, { getToken: async () => "azure-token", ...options });
  const here = await rig(graph);
  return { tenant: routeByVersion(here.tenant, createArmTenant(given)), there, here, deadlineAt: there.deadlineAt };
}

describe("a request to Resource Manager", () => {
  it("goes to its own address with its own token, and to Graph goes what is Graph's", async () => {
    const { tenant, there, here, deadlineAt } = await both(
      () => ({ status: 200, headers: { "x-ms-request-id": "az-1" }, body: { value: [] } }),
      () => ({ status: 200, body: { id: "graph" } }),
    );
    const graphRead: ApiRequest = { method: "GET", version: "v1.0", path: "/a", lane: "directory" };
    const filtered = { ...list, path: "/subscriptions/s/x?api-version=1&$filter=principalId eq 'p'" };
    const answers = await tenant.read([list, graphRead, filtered], { deadlineAt, clientRequestId: "ours" });
    expect(answers).toMatchObject([
      { ok: true, requestId: "az-1" },
      { ok: true, body: { id: "graph" } },
      { ok: true, body: { value: [] } },
    ]);
    expect(there.seen.map(({ url }) => decodeURIComponent(url)).sort()).toEqual([list.path, filtered.path].sort());
    expect(here.seen.map(({ url }) => url)).toEqual(["/v1.0/a"]);
    for (const { headers } of there.seen) {
      expect(headers).toMatchObject({ authorization: "Bearer azure-token", "x-ms-client-request-id": "ours" });
    }
    expect(here.seen[0]?.headers.authorization).toBe("Bearer test-token");
  });

  it("tells the caller once that reads went out, to whichever service", async () => {
    const { tenant, deadlineAt } = await both(() => ({ status: 200, body: {} }));
    let sent = 0;
    const graphRead: ApiRequest = { method: "GET", version: "v1.0", path: "/a", lane: "directory" };
    await tenant.read([list, list, graphRead], { deadlineAt, onSent: () => sent++ });
    expect(sent).toBe(1);
  });

  it("sends a PUT with its body, and waits as long as it is told when throttled", async () => {
    const { tenant, there, deadlineAt } = await both((_, nth) =>
      nth === 1 ? { status: 429, headers: { "retry-after": "7" } } : { status: 201, body: { id: "a" } },
    );
    const startedAt = there.clock.now();
    const put: ApiRequest = { ...remove, method: "PUT", body: { properties: { principalId: "p" } } };
    expect(await tenant.send(put, { deadlineAt })).toMatchObject({ ok: true, status: 201 });
    expect(there.seen.map(({ method, url, body }) => ({ method, url, body }))).toEqual([
      { method: "PUT", url: assignment, body: { properties: { principalId: "p" } } },
      { method: "PUT", url: assignment, body: { properties: { principalId: "p" } } },
    ]);
    expect(there.seen[0]?.headers["content-type"]).toBe("application/json");
    expect(there.clock.now() - startedAt).toBe(7_000);
  });

  it("that is a change is not sent again when its answer is lost, and a read is", async () => {
    const lost = await both(() => "drop");
    const answer = await lost.tenant.send(remove, { deadlineAt: lost.deadlineAt });
    expect(answer).toMatchObject({ ok: false, code: "network", maybeDone: true });
    expect(lost.there.seen).toHaveLength(1);
    const again = await both((_, nth) => (nth === 1 ? "drop" : { status: 200, body: {} }));
    expect(await again.tenant.read([list], { deadlineAt: again.deadlineAt })).toMatchObject([{ ok: true }]);
  });

  it("that is refused says so with Resource Manager's own code and request id", async () => {
    const { tenant, deadlineAt } = await both(() => ({
      status: 403,
      headers: { "x-ms-correlation-request-id": "az-2" },
      body: graphError("AuthorizationFailed"),
    }));
    const refused = { ok: false, status: 403, code: "AuthorizationFailed", requestId: "az-2", retryable: false };
    expect(await tenant.send(remove, { deadlineAt })).toMatchObject(refused);
    expect(await tenant.read([list], { deadlineAt })).toMatchObject([refused]);
  });

  it("names Resource Manager when no token for it can be had, and keeps what onSent threw", async () => {
    const without = await both(() => ({ status: 200 }), undefined, { getToken: () => Promise.reject(new Error("no")) });
    const answer = await without.tenant.send(remove, { deadlineAt: without.deadlineAt });
    expect(answer).toMatchObject({ ok: false, code: "token", message: expect.stringContaining("Resource Manager") });
    const { tenant, there, deadlineAt } = await both(() => ({ status: 204 }));
    const crash = new Error("stopped here");
    const call = tenant.send(remove, {
      deadlineAt,
      onSent() {
        throw crash;
      },
    });
    await expect(call).rejects.toBe(crash);
    expect([without.there.seen.length, there.seen.length]).toEqual([0, 0]);
  });

  it.each(["@evil.example/x", "//evil.example/x", "/a/../b", "/a/%2e%2e/b", ".evil.example/x", ":9@evil.example/x"])(
    "does not leave its host by the path %s",
    async (path) => {
      const { tenant, there, deadlineAt } = await both(() => ({ status: 200, body: {} }));
      const [answer] = await tenant.read([{ ...list, path }], { deadlineAt });
      if (path.startsWith("//")) expect(there.seen.map(({ url }) => url)).toEqual([path]);
      else expect(answer).toMatchObject({ ok: false, code: "wrong-host", maybeDone: false });
    },
  );
});

describe("all pages", () => {
  const links = { v: "@odata.nextLink", arm: "nextLink" };
  const reads = [
    ["Graph", { method: "GET", version: "v1.0", path: "/sps", lane: "directory" }, links.v],
    ["Resource Manager", list, links.arm],
  ] as const;

  const paged =
    (link: string, last: number): Handler =>
    ({ headers, url, body }, nth) => {
      if (body !== null) return { status: 200, body: { responses: body.requests.map(firstOf(link, headers.host)) } };
      const more = nth < last ? { [link]: `http://${headers.host}${url.split("?")[0]}?$skip=${nth}` } : {};
      return { status: 200, body: { count: 1, value: [nth], ...more } };
    };
  const firstOf =
    (link: string, host = "") =>
    ({ id, url }: { id: string; url: string }) => ({
      id,
      status: 200,
      body: { value: [`${url} 1`], ...(url === "/sps" ? { [link]: `http://${host}/v1.0/sps?$skip=1` } : {}) },
    });

  it.each(reads)("of %s come as one answer without a link", async (_, request, link) => {
    const { tenant, there, here, deadlineAt } = await both(paged(link, 3), paged(link, 3));
    const [answer] = await tenant.read([{ ...request, allPages: true }], { deadlineAt });
    expect(answer).toMatchObject({ ok: true, body: { count: 1, value: [1, 2, 3] } });
    expect(JSON.stringify(answer)).not.toContain("nextLink");
    expect(there.seen.length + here.seen.length).toBe(3);
  });

  it.each(reads)("of %s are a failure when they never end, or lead to another host", async (_, request, link) => {
    const endless = paged(link, Number.POSITIVE_INFINITY);
    const { options: capped } = await rig(endless, { pageCap: 4 });
    const arm = createArmTenant(capped);
    const { tenant: graph, deadlineAt } = await rig(endless, { pageCap: 4 });
    const [answer] = await routeByVersion(graph, arm).read([{ ...request, allPages: true }], { deadlineAt });
    expect(answer).toMatchObject({ ok: false, code: "too-many-pages", retryable: false });
    const away: Handler = () => ({ status: 200, body: { value: [], [link]: "https://evil.example/v1.0/sps" } });
    const leading = await both(away, away);
    const [refused] = await leading.tenant.read([{ ...request, allPages: true }], { deadlineAt: leading.deadlineAt });
    expect(refused).toMatchObject({ ok: false, code: "wrong-host" });
  });

  it("are followed for one read of a batch, and only for it", async () => {
    const graph = paged("@odata.nextLink", 2);
    const { tenant, here, deadlineAt } = await both(() => ({ status: 200 }), graph);
    const read = { method: "GET", version: "v1.0", lane: "directory" } as const;
    const answers = await tenant.read(
      [
        { ...read, path: "/sps", allPages: true },
        { ...read, path: "/sps" },
      ],
      {
        deadlineAt,
      },
    );
    expect(answers).toMatchObject([
      { ok: true, body: { value: ["/sps 1", 2] } },
      { ok: true, body: { value: ["/sps 1"], "@odata.nextLink": expect.any(String) } },
    ]);
    expect(here.seen.map(({ url }) => url)).toEqual(["/v1.0/$batch", "/v1.0/sps?$skip=1"]);
  });

  it("end with the page that fails, since a part of the truth is not the truth", async () => {
    const { tenant, deadlineAt } = await both((seen, nth) =>
      nth === 1 ? paged("nextLink", 9)(seen, nth) : { status: 403, body: graphError("AuthorizationFailed") },
    );
    const [answer] = await tenant.read([{ ...list, allPages: true }], { deadlineAt });
    expect(answer).toMatchObject({ ok: false, status: 403 });
  });
});

it("a collection that the tenant has no licence for is empty where the read says so, and a failure elsewhere", async () => {
  const { tenant, deadlineAt } = await both(
    () => ({ status: 200 }),
    () => ({ status: 400, body: graphError("AadPremiumLicenseRequired") }),
  );
  const read: ApiRequest = { method: "GET", version: "v1.0", path: "/schedules", lane: "directory" };
  const [empty] = await tenant.read([{ ...read, emptyWhen: ["AadPremiumLicenseRequired"] }], { deadlineAt });
  expect(empty).toMatchObject({ ok: true, body: { value: [] } });
  const [failed] = await tenant.read([{ ...read, emptyWhen: ["SomethingElse"] }], { deadlineAt });
  expect(failed).toMatchObject({ ok: false, code: "AadPremiumLicenseRequired" });
});
