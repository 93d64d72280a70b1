/** Whatever is sent, over sockets: what does not fit is a problem that says where, never our failure, and leaves nothing behind. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAt } from "../../support/harness-cast.ts";
import { callerWith, claimsOf, principalOf } from "../../support/principal.ts";
import {
  type AnyRoute,
  type ApiHost,
  type Received,
  routes,
  type Sample,
  type Sent,
  sampleFor,
  sentOf,
  startApi,
} from "./host.ts";

const admin = {
  "x-ms-client-principal": principalOf(claimsOf(callerWith(["Tourniquet.Admin"]), startAt + 3_600_000)),
};
const withBody = routes.filter(({ body }) => body !== null);
const withParams = routes.filter(({ params }) => Object.keys(params.shape).length > 0);

const hostile = [
  "",
  " ",
  "..",
  "../../etc/passwd",
  "..\\..\\",
  "%2e%2e%2f",
  "\u0000",
  "a\r\nSet-Cookie: x=1",
  "__proto__",
  "constructor",
  "' or PartitionKey ne '",
  "<script>alert(1)</script>",
  "\u202Egnp.exe",
  "İ\u0307\u{1F47B}\u{10FFFF}",
  "1e999",
  "-0",
  "NaN",
  "9".repeat(400),
  "a".repeat(3_000),
];
const hostileText = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
);
const hostileValue = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, -1, 0.5, 1e308, [], {}, [[[[]]]], { a: { b: {} } }),
  fc.jsonValue({ maxDepth: 4 }),
);

/** A problem that says something, and a state as it was when nothing fitted. */
function isProblem(answer: Received, status: number | readonly number[]): void {
  expect([status].flat()).toContain(answer.status);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  expect(answer.body).toMatchObject({ status: answer.status, type: expect.stringMatching(/^urn:tourniquet:problem:/) });
  expect(answer.text).not.toMatch(/[\p{Cc}\u202a-\u202e]|\\u0000|\\r|\\n/u);
}

describe("the API, whatever is sent", () => {
  let api: ApiHost;
  let before: string;
  beforeAll(async () => {
    api = await startApi();
    before = await api.rows();
  });
  afterAll(() => api?.stop());

  const send = (route: AnyRoute, change: Partial<Sent> & { sample?: Sample } = {}): Promise<Received> => {
    const { sample, headers, ...rest } = change;
    return api.send({ ...sentOf(route, sample ?? sampleFor(route), { ...admin, ...headers }), ...rest }, route);
  };
  /** Every one of them, to every route that takes a body. */
  const refusesBodies = async (bodies: readonly (string | Buffer)[], status: number, headers = {}): Promise<void> => {
    for (const route of withBody) for (const body of bodies) isProblem(await send(route, { body, headers }), status);
    expect(await api.rows()).toBe(before);
  };

  it("refuses a body that is too large, by its bytes and before it is read", async () => {
    const long = (length: number) => JSON.stringify({ note: "ü".repeat(length) });
    await refusesBodies([long(33_000), "x".repeat(70_000)], 413);
  });

  it("refuses what is not JSON in UTF-8, by its type and by its content", async () => {
    await refusesBodies(["{}"], 415, { "content-type": "text/plain" });
    await refusesBodies(["a=1"], 415, { "content-type": "application/x-www-form-urlencoded" });
    await refusesBodies(["{}"], 415, { "content-type": "application/json; charset=utf-16" });
    await refusesBodies(["{}"], 415, { "content-encoding": "gzip" });
    await refusesBodies(["{", "{'a':1}", "\u0000", "NaN", '{"a":1}}'], 400);
    await refusesBodies([Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), Buffer.from('"\ud83d"', "utf16le")], 400);
  });

  it("refuses bodies that could trip what is behind it: deep, of another prototype, endless, or no text", async () => {
    const deep = (open: string, close: string) => `${open.repeat(6_000)}${close.repeat(6_000)}`;
    const hidden = ['{"__proto__":{"role":"x"}}', '{"a":{"__proto__":1}}', '["__proto__"]', '{"a":1e999}'];
    await refusesBodies([deep("[", "]"), deep('{"a":', "}"), ...hidden, '{"a":"\\ud800"}', '{"\\udc00":1}'], 400);
  });

  it("refuses what is no object, and none at all", async () => {
    await refusesBodies(["null", "[]", '"text"', "1", "true", "[{}]"], 400);
    for (const route of withBody) {
      const { body: _body, ...sent } = sentOf(route, sampleFor(route), admin);
      isProblem(await api.send(sent, route), 400);
    }
    expect(await api.rows()).toBe(before);
  });

  it("names every field that is missing or unknown", async () => {
    for (const route of withBody) {
      const sample = sampleFor(route);
      const unknown = await send(route, { sample: { ...sample, body: { ...sample.body, unheardOf: 1 } } });
      isProblem(unknown, 400);
      expect(unknown.body).toMatchObject({ errors: [{ where: "body.unheardOf" }] });
      for (const name of Object.keys(sample.body ?? {})) {
        const { [name]: _left, ...body } = sample.body ?? {};
        const missing = await send(route, { sample: { ...sample, body } });
        isProblem(missing, 400);
        expect(JSON.stringify(missing.body)).toContain(`body.${name}`);
      }
    }
    expect(await api.rows()).toBe(before);
  });

  it("refuses query parameters that nobody knows, and bodies where there should be none", async () => {
    for (const route of routes) {
      const sample = sampleFor(route);
      for (const name of ["unheardOf", "constructor", "LIMIT "]) {
        const answer = await send(route, { sample: { ...sample, query: { ...sample.query, [name]: "1" } } });
        isProblem(answer, 400);
        expect(answer.body).toMatchObject({ errors: [{ where: `query.${name}` }] });
      }
      if (route.body !== null || route.method === "GET") continue;
      isProblem(await send(route, { body: "{}", headers: { "content-type": "application/json" } }), 400);
    }
    expect(await api.rows()).toBe(before);
  });

  it("answers hostile ids, queries and fields by what they are, and never fails", async () => {
    const byId = new Map(routes.map((route) => [route.id, route]));
    const anyRoute = fc.constantFrom(...byId.keys());
    const query = fc.dictionary(fc.constantFrom("limit", "cursor", "status", "since", "identity"), hostileText);
    await fc.assert(
      fc.asyncProperty(anyRoute, query, fc.infiniteStream(hostileValue), async (id, wanted, values) => {
        const route = byId.get(id);
        if (route === undefined) return;
        const sample = sampleFor(route);
        const next = () => values.next().value ?? null;
        const known = Object.fromEntries(Object.entries(wanted).filter(([name]) => name in route.query.shape));
        const body =
          sample.body && Object.fromEntries(Object.keys(route.body?.shape ?? {}).map((name) => [name, next()]));
        const changed = { params: sample.params, query: { ...sample.query, ...known }, body };
        const answer = await send(route, { sample: changed });
        expect(answer.status, `${route.id} ${answer.text}`).toBeLessThan(500);
        if (answer.status >= 400) isProblem(answer, answer.status);
      }),
      { numRuns: 150 },
    );
    // what fits is done: somebody may have asked for a scan
    before = await api.rows();
  });

  it("knows nothing by a hostile id, whether the host or the API says so", async () => {
    for (const route of withParams) {
      // without an id it is the listing
      for (const text of hostile.filter((one) => one !== "")) {
        const params = Object.fromEntries(Object.keys(route.params.shape).map((name) => [name, text]));
        // the host's own 404 is not the API's to describe
        const answer = await api.send(sentOf(route, { ...sampleFor(route), params }, admin));
        expect([400, 404, 405], `${route.id} ${JSON.stringify(text)} ${answer.text}`).toContain(answer.status);
      }
    }
    expect(await api.rows()).toBe(before);
  });

  it("takes no key, version or principal that is malformed", async () => {
    for (const route of routes) {
      if (route.idempotent === true)
        for (const key of ["", "a b", "x".repeat(201), '"'])
          isProblem(await send(route, { headers: { "idempotency-key": key } }), 400);
      for (const version of ["*", "unquoted", 'W/"weak"', '"a", "b"', '"%zz"'])
        if (route.etag === "required") isProblem(await send(route, { headers: { "if-match": version } }), 400);
      if (route.role === null) continue;
      for (const principal of ["é", "====", "e30", Buffer.from('{"claims":[]}').toString("base64")])
        isProblem(await send(route, { headers: { "x-ms-client-principal": principal } }), 401);
    }
    expect(await api.rows()).toBe(before);
  });
});
