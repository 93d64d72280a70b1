/** Reads: one round trip, answers in order, only what failed is asked for again. */
import { describe, expect, it } from "vitest";
import type { ApiRequest, Lane } from "../../shared/ports/tenant.ts";
import { graphError, type InnerRequest, rig, type Seen } from "./graph-server.ts";

function get(path: string, lane: Lane = "directory", version: ApiRequest["version"] = "v1.0"): ApiRequest {
  return { method: "GET", version, path, lane };
}

const inner = ({ body }: Seen) => body?.requests ?? [];
const fine = ({ id, url }: InnerRequest) => ({ id, status: 200, headers: { "Request-Id": `r${url}` }, body: { url } });

describe("several reads", () => {
  it("go as one batch; answers come in the order of the requests whatever order Graph gives", async () => {
    const { tenant, seen, deadlineAt } = await rig((request) => ({
      status: 200,
      body: { responses: inner(request).map(fine).reverse() },
    }));
    const answers = await tenant.read([get("/a"), get("/b?$filter=x eq 'y'"), get("/c")], { deadlineAt });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(["POST /v1.0/$batch"]);
    expect(answers).toMatchObject([
      { ok: true, body: { url: "/a" }, requestId: "r/a" },
      { ok: true, body: { url: "/b?$filter=x%20eq%20%27y%27" } },
      { ok: true, body: { url: "/c" } },
    ]);
    expect(seen[0]?.body?.requests[0]?.headers).toMatchObject({ Prefer: "include-unknown-enum-members" });
  });

  it("one alone is a plain GET, none is no request", async () => {
    const { tenant, seen, deadlineAt } = await rig(() => ({ status: 200, body: { id: 1 } }));
    expect(await tenant.read([], { deadlineAt })).toEqual([]);
    expect(await tenant.read([get("/a")], { deadlineAt })).toMatchObject([{ ok: true, body: { id: 1 } }]);
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /v1.0/a"]);
  });

  it("split at 20 and by version; risk and reports go beside the batch", async () => {
    const { tenant, seen, deadlineAt } = await rig((request) =>
      request.method === "GET"
        ? { status: 200, body: { url: request.url.slice(5) } }
        : { status: 200, body: { responses: inner(request).map(fine) } },
    );
    const many = Array.from({ length: 45 }, (_, i) => get(`/many/${i}`));
    const beta = [get("/x", "directory", "beta"), get("/y", "directory", "beta")];
    const beside = [get("/risk", "identity-protection"), get("/audits", "reports")];
    const requests = [beside[0], ...many, ...beta, beside[1]].filter((request) => request !== undefined);
    const answers = await tenant.read(requests, { deadlineAt });
    expect(answers).toMatchObject(requests.map(({ path }) => ({ ok: true, body: { url: path } })));
    const sizes = seen.map(({ url, body }) => `${url} ${body?.requests.length ?? 1}`).sort();
    expect(sizes).toEqual([
      "/beta/$batch 2",
      "/v1.0/$batch 20",
      "/v1.0/$batch 20",
      "/v1.0/$batch 5",
      "/v1.0/audits 1",
      "/v1.0/risk 1",
    ]);
  });

  it("that fail inside the batch are asked for again, only those, after the longest wait", async () => {
    const { tenant, seen, clock, deadlineAt } = await rig((request, nth) => ({
      status: 200,
      body: {
        responses: inner(request).map((each) => {
          if (nth > 1 || each.url === "/good") return fine(each);
          if (each.url === "/gone") return { id: each.id, status: 404, body: graphError("Request_ResourceNotFound") };
          const wait = each.url === "/slow" ? "9" : "3";
          return { id: each.id, status: 429, headers: { "Retry-After": wait }, body: graphError("TooManyRequests") };
        }),
      },
    }));
    const startedAt = clock.now();
    const answers = await tenant.read([get("/quick"), get("/good"), get("/gone"), get("/slow")], { deadlineAt });
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 200]);
    expect(seen.map((request) => inner(request).map(({ url }) => url))).toEqual([
      ["/quick", "/good", "/gone", "/slow"],
      ["/quick", "/slow"],
    ]);
    expect(clock.now() - startedAt).toBe(9_000);
  });

  it("that Graph left out of its answer are asked for again", async () => {
    const { tenant, seen, deadlineAt } = await rig((request, nth) => ({
      status: 200,
      body: {
        responses: inner(request)
          .slice(nth === 1 ? 1 : 0)
          .map(fine),
      },
    }));
    expect(await tenant.read([get("/a"), get("/b")], { deadlineAt })).toMatchObject([{ ok: true }, { ok: true }]);
    expect(seen).toHaveLength(2);
  });

  it("stay failed when the deadline comes first, and the others keep their answers", async () => {
    const { tenant, clock } = await rig((request) => ({
      status: 200,
      body: {
        responses: inner(request).map((each) =>
          each.url === "/a" ? fine(each) : { id: each.id, status: 503, headers: { "retry-after": "60" }, body: null },
        ),
      },
    }));
    const answers = await tenant.read([get("/a"), get("/b")], { deadlineAt: clock.now() + 5_000 });
    expect(answers).toMatchObject([{ ok: true }, { ok: false, status: 503, retryAfterMs: 60_000, maybeDone: false }]);
  });

  it("all fail alike when the batch itself is refused", async () => {
    const { tenant, seen, deadlineAt } = await rig(() => ({
      status: 403,
      body: graphError("Authorization_RequestDenied"),
    }));
    const failure = { ok: false, status: 403, code: "Authorization_RequestDenied", retryable: false };
    expect(await tenant.read([get("/a"), get("/b")], { deadlineAt })).toMatchObject([failure, failure]);
    expect(seen).toHaveLength(1);
  });

  it("tell the caller once that they were sent", async () => {
    const { tenant, deadlineAt } = await rig((request) =>
      request.method === "GET"
        ? { status: 200, body: {} }
        : { status: 200, body: { responses: inner(request).map(fine) } },
    );
    let sent = 0;
    await tenant.read([get("/a"), get("/b"), get("/c", "reports")], { deadlineAt, onSent: () => sent++ });
    expect(sent).toBe(1);
  });
});

describe("a read", () => {
  it.each([500, 502, 503, 504, 429] as const)("is repeated after %i", async (status) => {
    const { tenant, seen, deadlineAt } = await rig((_, nth) => (nth === 1 ? { status } : { status: 200, body: {} }));
    expect(await tenant.read([get("/a")], { deadlineAt })).toMatchObject([{ ok: true }]);
    expect(seen).toHaveLength(2);
  });

  it("is repeated after a lost answer, and gives up at the deadline", async () => {
    const once = await rig((_, nth) => (nth === 1 ? "drop" : { status: 200, body: {} }));
    expect(await once.tenant.read([get("/a")], { deadlineAt: once.deadlineAt })).toMatchObject([{ ok: true }]);
    const never = await rig(() => "drop");
    const answers = await never.tenant.read([get("/a")], { deadlineAt: never.clock.now() + 3_000 });
    expect(answers).toMatchObject([{ ok: false, code: "network", retryable: true, maybeDone: false }]);
    expect(never.seen.length).toBeGreaterThan(1);
  });

  it.each([400, 403, 404, 405, 409, 412, 501, 507])("ends at %i", async (status) => {
    const { tenant, seen, deadlineAt } = await rig(() => ({ status, body: graphError("Whatever") }));
    const answers = await tenant.read([get("/a")], { deadlineAt });
    expect(answers).toMatchObject([{ ok: false, status, code: "Whatever", retryable: false }]);
    expect(seen).toHaveLength(1);
  });
});

describe("pages", () => {
  async function collect(pages: AsyncIterable<unknown>): Promise<unknown[]> {
    const all: unknown[] = [];
    for await (const page of pages) all.push(page);
    return all;
  }

  it("come one after the other by next links of our host, with the request's headers", async () => {
    const { tenant, seen, deadlineAt } = await rig(({ headers }, nth) => ({
      status: 200,
      body: nth < 3 ? { "@odata.nextLink": `http://${headers.host}/v1.0/sps?$skiptoken=${nth}%2B` } : { value: [] },
    }));
    const first = { ...get("/sps"), headers: { ConsistencyLevel: "eventual" } };
    const answers = await collect(tenant.pages(first, { deadlineAt, priority: "low" }));
    expect(answers).toHaveLength(3);
    expect(seen.map(({ url }) => url)).toEqual(["/v1.0/sps", "/v1.0/sps?$skiptoken=1%2B", "/v1.0/sps?$skiptoken=2%2B"]);
    for (const { headers } of seen) {
      expect(headers).toMatchObject({ consistencylevel: "eventual", "x-ms-throttle-priority": "low" });
    }
  });

  it("go on from a next link that was kept, unless it leads elsewhere", async () => {
    const { tenant, seen, deadlineAt, baseUrl } = await rig(() => ({ status: 200, body: { value: [] } }));
    const from = (link: string) => ({ ...get("/sps?$top=1"), from: link });
    expect(await collect(tenant.pages(from("https://evil.example/v1.0/sps"), { deadlineAt }))).toMatchObject([
      { ok: false, code: "wrong-host" },
    ]);
    expect(seen).toHaveLength(0);
    const kept = `${baseUrl}/v1.0/sps?$top=1&$skiptoken=kept`;
    expect(await collect(tenant.pages(from(kept), { deadlineAt }))).toHaveLength(1);
    expect(seen.map(({ url }) => url)).toEqual(["/v1.0/sps?$top=1&$skiptoken=kept"]);
  });

  it.each([
    "https://evil.example/v1.0/sps",
    "http://127.0.0.1:1/v1.0/sps",
    "http://user:word@HOST/v1.0/sps",
    "http://HOST/v1.0/../beta/sps",
    "http://HOST/other",
    "//evil.example/v1.0/sps",
    "not a link",
  ])("end with a failure at the next link %s", async (link) => {
    const { tenant, seen, deadlineAt } = await rig(({ headers }) => ({
      status: 200,
      body: { "@odata.nextLink": link.replace("HOST", String(headers.host)) },
    }));
    const answers = await collect(tenant.pages(get("/sps"), { deadlineAt }));
    expect(answers).toMatchObject([{ ok: true }, { ok: false, code: "wrong-host", retryable: false }]);
    expect(seen).toHaveLength(1);
  });

  it("end at the cap when the links never do, and after a failure", async () => {
    const endless = await rig(
      ({ headers }) => ({ status: 200, body: { "@odata.nextLink": `http://${headers.host}/v1.0/sps` } }),
      { pageCap: 4 },
    );
    const answers = await collect(endless.tenant.pages(get("/sps"), { deadlineAt: endless.deadlineAt }));
    expect(answers).toHaveLength(5);
    expect(answers.at(-1)).toMatchObject({ ok: false, code: "too-many-pages" });
    const broken = await rig(() => ({ status: 403 }));
    expect(await collect(broken.tenant.pages(get("/sps"), { deadlineAt: broken.deadlineAt }))).toMatchObject([
      { ok: false, status: 403, code: "http-403" },
    ]);
  });
});
