/** Lists, filters, batches, and what the description refuses. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Asker, startAsker } from "./ask.ts";

let t: Asker;
beforeEach(async () => {
  t = await startAsker({ quotas: "off" });
});
afterEach(async () => {
  await t.twin.stop();
});

test("pages follow next links until every object came exactly once", async () => {
  for (let n = 0; n < 25; n += 1) t.twin.addApplication({ enabled: n % 5 !== 0 });
  const ids: string[] = [];
  let next: string | undefined =
    "/v1.0/servicePrincipals?$top=7&$select=id&$filter=servicePrincipalType eq 'Application' and accountEnabled eq true";
  let pages = 0;
  while (next) {
    const page = await t.ask("GET", next);
    expect(page.status).toBe(200);
    ids.push(...page.body.value.map((one: { id: string }) => one.id));
    next = page.body["@odata.nextLink"];
    pages += 1;
  }
  expect(pages).toBe(3);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(21);
  expect(t.twin.violations).toEqual([]);
});

test("$count needs ConsistencyLevel on directory objects", async () => {
  t.twin.addApplication();
  const query = "/v1.0/servicePrincipals?$count=true&$top=1";
  expect((await t.ask("GET", query)).status).toBe(400);
  const counted = await t.ask("GET", query, undefined, { ConsistencyLevel: "eventual" });
  expect(counted.body["@odata.count"]).toBe(3);
});

test.each([
  ["keyCredentials/any(k: k/keyId eq 'x')"],
  ["accountEnabled ne true"],
  ["contains(displayName,'x')"],
  ["appId eq"],
  ["appId eq 'x' eq 'y'"],
])("an unsupported filter is 400 Request_UnsupportedQuery: %s", async (filter) => {
  const answer = await t.ask("GET", `/v1.0/servicePrincipals?$filter=${encodeURIComponent(filter)}`);
  expect([answer.status, answer.body.error.code]).toEqual([400, "Request_UnsupportedQuery"]);
});

test.each([
  ["displayName eq 'it''s'", 1],
  ["startswith(displayName,'IT')", 1],
  ["tags/any(t: t eq 'HideApp')", 1],
  ["(displayName eq 'it''s' or accountEnabled eq false) and servicePrincipalType eq 'Application'", 2],
  ["appOwnerOrganizationId eq f8cdef31-a31e-4b4a-93e4-5f571e91255a", 1],
  ["displayName in ('it''s','off','no')", 2],
])("the filter %s finds %d", async (filter, count) => {
  t.twin.addApplication({ displayName: "it's", tags: ["HideApp"] });
  t.twin.addApplication({ displayName: "off", enabled: false });
  const answer = await t.ask("GET", `/v1.0/servicePrincipals?$filter=${encodeURIComponent(filter)}`);
  expect(answer.status).toBe(200);
  expect(answer.body.value).toHaveLength(count);
});

test("a batch answers each request by itself, without a status of its own for failures", async () => {
  const app = t.twin.addApplication();
  const json = { "Content-Type": "application/json" };
  const answer = await t.ask("POST", "/v1.0/$batch", {
    requests: [
      { id: "a", method: "GET", url: `/servicePrincipals/${app.id}?$select=id` },
      { id: "b", method: "GET", url: "/servicePrincipals/00000000-0000-4000-8000-000000000009" },
      { id: "c", method: "PATCH", url: `/servicePrincipals/${app.id}`, headers: json, body: { accountEnabled: false } },
    ],
  });
  expect(answer.status).toBe(200);
  const parts = new Map(answer.body.responses.map((part: { id: string }) => [part.id, part]));
  expect(parts.get("a")).toMatchObject({ status: 200, body: { id: app.id } });
  expect(parts.get("b")).toMatchObject({ status: 404, body: { error: { code: "Request_ResourceNotFound" } } });
  expect(parts.get("c")).toMatchObject({ status: 204 });
  expect(t.twin.violations).toEqual([]);
});

test("in a batch, what depends on a failure fails with 424, and order is kept", async () => {
  const app = t.twin.addApplication({ passwords: 1 });
  const keyId = app.secrets[0]?.keyId;
  const headers = { "Content-Type": "application/json" };
  const remove = { method: "POST", url: `/applications/${app.applicationId}/removePassword`, headers, body: { keyId } };
  const answer = await t.ask("POST", "/v1.0/$batch", {
    requests: [
      { id: "3", ...remove, dependsOn: ["2"] },
      { id: "2", ...remove, dependsOn: ["1"] },
      { id: "1", ...remove },
    ],
  });
  const statuses = Object.fromEntries(
    answer.body.responses.map((part: { id: string; status: number }) => [part.id, part.status]),
  );
  expect(statuses).toEqual({ 1: 204, 2: 400, 3: 424 });
});

test.each([
  ["an unknown path", "GET", "/v1.0/servicePrincipals/x/nothing", undefined, 400],
  ["a beta path under v1.0", "GET", "/v1.0/reports/servicePrincipalSignInActivities", undefined, 405],
  ["a method the path does not have", "PATCH", "/v1.0/organization", {}, 405],
  ["an unknown query parameter", "GET", "/v1.0/organization?$orderby=id", undefined, 400],
  ["a property no type has", "PATCH", "/v1.0/servicePrincipals/x", { acountEnabled: false }, 400],
  ["a value of the wrong type", "PATCH", "/v1.0/servicePrincipals/x", { accountEnabled: "false" }, 400],
  ["a body without what is required", "POST", "/v1.0/applications/x/removePassword", { id: "x" }, 400],
  ["$select of an unknown property", "GET", "/v1.0/servicePrincipals?$select=id,enabled", undefined, 400],
  ["$top that is no number", "GET", "/v1.0/servicePrincipals?$top=many", undefined, 400],
  [
    "more than 20 requests in a batch",
    "POST",
    "/v1.0/$batch",
    { requests: Array.from({ length: 21 }, (_, n) => ({ id: `${n}`, method: "GET", url: "/organization" })) },
    400,
  ],
] as const)("%s is refused and written down as a violation", async (_name, method, path, body, status) => {
  const answer = await t.ask(method, path, body);
  expect(answer.status).toBe(status);
  expect(t.twin.violations).toHaveLength(1);
  expect(t.twin.violations[0]).toMatchObject({ side: "request", method });
});

test("a batched request with a body and no Content-Type is refused and written down", async () => {
  const app = t.twin.addApplication();
  const inner = { id: "1", method: "PATCH", url: `/servicePrincipals/${app.id}`, body: { accountEnabled: false } };
  const answer = await t.ask("POST", "/v1.0/$batch", { requests: [inner] });
  expect(answer.body.responses[0].status).toBe(400);
  expect(t.twin.violations[0]?.reason).toContain("Content-Type");
  expect(t.twin.state.servicePrincipal(app.id)?.accountEnabled).toBe(true);
});

test("an answer that the description does not allow is held against the twin itself", async () => {
  t.twin.addApplication({ displayName: 7 as unknown as string });
  await t.ask("GET", "/v1.0/applications");
  expect(t.twin.violations).toMatchObject([{ side: "response" }]);
});
