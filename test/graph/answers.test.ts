/** The table of what Graph says and what we make of it. */
import { describe, expect, it } from "vitest";
import { answerFrom, parseBody } from "../../shared/graph/answers.ts";
import { laneCost } from "../../shared/graph/resource-units.ts";
import { retryAfterMs } from "../../shared/graph/retry-after.ts";
import { graphError } from "./graph-server.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

function answer(status: number, body: unknown, headers: Record<string, string> = {}, repeatable = false) {
  return answerFrom({ status, body, header: (name) => headers[name] ?? null }, repeatable, now);
}

describe("an error of Graph", () => {
  it.each([
    [404, "Request_ResourceNotFound", { retryable: false, maybeDone: false }],
    [403, "Authorization_RequestDenied", { retryable: false, maybeDone: false }],
    [400, "Request_BadRequest", { retryable: false, maybeDone: false }],
    [409, "Directory_ConcurrencyViolation", { retryable: true, maybeDone: false }],
    [503, "Directory_ConcurrencyViolation", { retryable: true, maybeDone: false }],
    [409, "Request_MultipleObjectsWithSameKeyValue", { retryable: false, maybeDone: false }],
    [412, "PreconditionFailed", { retryable: false, maybeDone: false }],
    [429, "TooManyRequests", { retryable: true, maybeDone: false }],
    [500, "InternalServerError", { retryable: true, maybeDone: true }],
    [502, "BadGateway", { retryable: true, maybeDone: true }],
    [503, "ServiceUnavailable", { retryable: true, maybeDone: true }],
    [504, "GatewayTimeout", { retryable: true, maybeDone: true }],
    [507, "InsufficientStorage", { retryable: false, maybeDone: true }],
  ])("%i %s", (status, code, expected) => {
    expect(answer(status, graphError(code))).toMatchObject({ ok: false, status, code, ...expected });
  });

  it("tells more in its inner errors, in either spelling", () => {
    const nested = { innererror: { code: "Directory_ConcurrencyViolation", "request-id": "r-9" }, "request-id": "r-8" };
    expect(answer(409, graphError("Request_BadRequest", nested))).toMatchObject({
      code: "Directory_ConcurrencyViolation",
      retryable: true,
      requestId: "r-8",
    });
    expect(answer(400, graphError("Request_BadRequest", { code: "somethingFiner" }))).toMatchObject({
      code: "Request_BadRequest",
    });
  });

  it("that is no Graph error at all still has a code and a sentence", () => {
    for (const body of [null, "text", [], { error: "text" }, { error: null }, parseBody("<html>")]) {
      expect(answer(404, body)).toMatchObject({ ok: false, code: "http-404", message: expect.stringMatching(/404/) });
    }
  });

  it("ends somewhere although its inner errors do not", () => {
    const loop: Record<string, unknown> = { code: "Loop" };
    loop.innerError = loop;
    expect(answer(400, { error: loop })).toMatchObject({ code: "Loop" });
  });

  it("has its control characters folded and its length bounded", () => {
    const body = { error: { code: "X", message: `a\n\u001b[31m${"b".repeat(2_000)}` } };
    const said = answer(400, body);
    expect(said).toMatchObject({ message: expect.stringMatching(/^a \[31mb+$/) });
    expect(said.ok ? 0 : said.message.length).toBeLessThanOrEqual(500);
  });
});

describe("a success", () => {
  it("with a body that is no JSON is not believed", () => {
    expect(answer(200, parseBody("<html>"))).toMatchObject({ ok: false, code: "unreadable", maybeDone: true });
    expect(answer(204, parseBody(""))).toMatchObject({ ok: true, body: null });
  });
});

describe("Retry-After", () => {
  it.each([
    ["3", 3_000],
    ["0", 0],
    ["0.5", 500],
    ["Thu, 01 Jan 2026 00:00:10 GMT", 10_000],
    ["Thu, 01 Jan 2025 00:00:10 GMT", 0],
    ["-1", null],
    ["soon", null],
    ["", null],
    [null, null],
  ])("%s is %s ms", (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe("resource units", () => {
  it.each([
    ["/servicePrincipals/1", 1],
    ["/servicePrincipals/1?$select=id", 1],
    ["/applications", 2],
    ["/applications?$select=id", 1],
    ["/applications(appId='1')?$select=id", 1],
    ["/applications?$expand=owners", 3],
    ["/applications?$top=5", 1],
    ["/oauth2PermissionGrants?$filter=clientId eq '1'", 2],
    ["/servicePrincipals/1/appRoleAssignments", 2],
    ["/servicePrincipals(appId='1')/appRoleAssignments?$top=100", 2],
    ["/servicePrincipals/1/appRoleAssignedTo?$top=100", 1],
    ["/directoryObjects/getByIds", 5],
  ])("%s costs %i", (path, units) => {
    expect(laneCost({ method: "GET", version: "v1.0", path, lane: "directory" })).toBe(units);
  });
});
