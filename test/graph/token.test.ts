/** Our access token: sent nowhere else, never told. */
import { describe, expect, it } from "vitest";
import { readClaims } from "../../shared/graph/who-am-i.ts";
import type { ApiAnswer, ApiRequest } from "../../shared/ports/tenant.ts";
import { graphError, rig } from "./graph-server.ts";

const secret = "eyJ-very-secret-token";
const read: ApiRequest = { method: "GET", version: "v1.0", path: "/servicePrincipals", lane: "directory" };

function tokenOf(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
}

const ids = {
  tid: "AAAAAAAA-0000-4000-8000-000000000001",
  oid: "aaaaaaaa-0000-4000-8000-000000000002",
  appid: "aaaaaaaa-0000-4000-8000-000000000003",
};

describe("the access token", () => {
  it("that Graph refuses is not sent again at once, but the request may be tried later", async () => {
    const { tenant, seen, deadlineAt } = await rig(() => ({
      status: 401,
      body: graphError("InvalidAuthenticationToken"),
    }));
    const expected = { ok: false, status: 401, code: "InvalidAuthenticationToken", retryable: true, maybeDone: false };
    expect(await tenant.read([read], { deadlineAt })).toMatchObject([expected]);
    const write: ApiRequest = { ...read, method: "PATCH", lane: "directory-write", body: {} };
    const answer = await tenant.send(write, { deadlineAt });
    expect(answer).toMatchObject({ ...expected, message: expect.stringContaining("refused our access token") });
    expect(seen).toHaveLength(2);
  });

  it("that never comes does not hang the caller", async () => {
    const { tenant, clock } = await rig(() => ({ status: 200 }), { getToken: () => new Promise(() => undefined) });
    const [answer] = await tenant.read([read], { deadlineAt: clock.now() + 20 });
    expect(answer).toMatchObject({ ok: false, code: "token", maybeDone: false });
  });

  it("stands in no log line and no failure, whatever goes wrong", async () => {
    const faults = [429, 503, 500, 401, 403].map((status) => () => ({ status, headers: { "retry-after": "1" } }));
    for (const fault of [...faults, () => "drop" as const]) {
      const { tenant, logged, clock } = await rig(fault, { getToken: async () => secret });
      const [answer] = await tenant.read([read], { deadlineAt: clock.now() + 10_000 });
      expect(toldBy(logged, answer)).not.toContain(secret);
    }
    const { tenant, logged, deadlineAt } = await rig(() => ({ status: 200 }), { getToken: async () => `${secret}\n` });
    const [answer] = await tenant.read([read], { deadlineAt });
    expect(answer).toMatchObject({ ok: false, code: "token" });
    expect(toldBy(logged, answer)).not.toContain(secret);
  });

  it("goes to no other host, not even where a path or an id tries to lead there", async () => {
    const hosts = ["http://127.0.0.1:9@evil.example", "//evil.example/v1.0/x", "/../beta/x", "/%2e%2e/x", "/users/.."];
    for (const path of hosts) {
      const { tenant, seen, deadlineAt } = await rig(() => ({ status: 200, body: {} }));
      await tenant.read([{ ...read, path }], { deadlineAt });
      expect(seen.every(({ url }) => url.startsWith("/v1.0/"))).toBe(true);
    }
    const { tenant, seen, deadlineAt } = await rig(() => ({ status: 200, body: {} }));
    const filter = "/servicePrincipals?$filter=servicePrincipalNames/any(n:n eq 'https://evil.example/x')";
    expect(await tenant.read([{ ...read, path: filter }], { deadlineAt })).toMatchObject([{ ok: true }]);
    expect(decodeURIComponent(seen[0]?.url ?? "")).toBe(`/v1.0${filter}`);
  });

  it("does not follow a redirect", async () => {
    const elsewhere = await rig(() => ({ status: 200, body: {} }));
    const { tenant, deadlineAt } = await rig(() => ({
      status: 302,
      headers: { location: `${elsewhere.baseUrl}/v1.0/x` },
    }));
    expect(await tenant.read([read], { deadlineAt })).toMatchObject([{ ok: false, status: 302, retryable: false }]);
    expect(elsewhere.seen).toHaveLength(0);
  });
});

function toldBy(logged: readonly string[], answer: ApiAnswer | undefined): string {
  const cause = answer !== undefined && !answer.ok ? answer.cause : undefined;
  return [...logged, JSON.stringify(answer), String(cause), cause instanceof Error ? String(cause.cause) : ""].join(
    "\n",
  );
}

describe("whoAmI", () => {
  it("reads our ids from the token and asks for it once", async () => {
    let asked = 0;
    const { tenant } = await rig(() => "drop", {
      async getToken() {
        asked++;
        return tokenOf(ids);
      },
    });
    const ourselves = { tenantId: ids.tid.toLowerCase(), servicePrincipalId: ids.oid, appId: ids.appid, roles: null };
    expect(await tenant.whoAmI()).toEqual(ourselves);
    expect(await tenant.whoAmI()).toEqual(ourselves);
    expect(asked).toBe(1);
  });

  it("sees what the next token carries, and is who it was while no token comes", async () => {
    const first = tokenOf({ ...ids, roles: ["A.Read.All"], iat: 1_000, exp: 2_000 });
    const tokens: (string | null)[] = [first, null, tokenOf({ ...ids, roles: [] })];
    const { tenant, clock } = await rig(() => "drop", {
      async getToken() {
        const next = tokens.shift();
        if (typeof next !== "string") throw new Error("away");
        return next;
      },
    });
    const told = { roles: ["A.Read.All"], token: { issuedAt: 1_000_000, expiresAt: 2_000_000 } };
    expect(await tenant.whoAmI()).toMatchObject(told);
    for (let time = 0; time < 2; time++) {
      await clock.sleep(5 * 60_000);
      expect(await tenant.whoAmI()).toMatchObject(told); // asked beside the work
    }
    expect(await tenant.whoAmI()).toMatchObject({ appId: ids.appid, roles: [] });
  });

  it.each([
    ["no JWT", "opaque"],
    ["no JSON inside", "a.b.c"],
    ["no object id", tokenOf({ ...ids, oid: undefined })],
    ["an id that is no GUID", tokenOf({ ...ids, appid: "x" })],
    ["no application id", tokenOf({ ...ids, appid: undefined })],
  ])("is null for a token with %s", (_, token) => {
    expect(readClaims(token)).toBeNull();
  });

  it("takes the application id of a v2 token, and a failure is not kept", async () => {
    let asked = 0;
    const { appid, ...rest } = ids;
    const { tenant } = await rig(() => "drop", {
      async getToken() {
        if (asked++ === 0) throw new Error("not yet");
        return tokenOf({ ...rest, azp: appid });
      },
    });
    expect(await tenant.whoAmI()).toBeNull();
    expect(await tenant.whoAmI()).toMatchObject({ appId: appid });
  });
});
