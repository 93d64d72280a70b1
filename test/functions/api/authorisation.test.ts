/** Who may do what, over sockets: every route × every role × every way to say who one is. A new route is in it by itself. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRole, Role } from "../../../shared/domain/caller.ts";
import { startAt, tenantId } from "../../support/harness-cast.ts";
import { callerWith, claimsOf, principalOf } from "../../support/principal.ts";
import { type AnyRoute, type ApiHost, routes, sampleFor, sentOf, startApi } from "./host.ts";

const otherTenant = "eeeeeeee-0000-4000-8000-000000000001";
const hour = 3_600_000;

const header = (value: string) => ({ "x-ms-client-principal": value });
const signedIn = (roles: readonly Role[], expiresAt = startAt + hour, tenant = tenantId) =>
  header(principalOf(claimsOf(callerWith(roles), expiresAt, tenant)));

/** null: somebody with no role of ours */
const roleSets = [null, ...Role.options];
const rolesOf = (role: Role | null) => (role === null ? [] : [role]);

const refusals: Readonly<Record<string, (roles: readonly Role[]) => Record<string, string>>> = {
  nobody: () => ({}),
  expired: (roles) => signedIn(roles, startAt - 1_000),
  "another tenant": (roles) => signedIn(roles, startAt + hour, otherTenant),
  "no expiry": (roles) =>
    header(principalOf(claimsOf(callerWith(roles), startAt + hour).filter(({ typ }) => typ !== "exp"))),
  "another provider": (roles) => header(principalOf(claimsOf(callerWith(roles), startAt + hour), "google")),
  unreadable: () => header("e30="),
  "too long": (roles) => header(signedIn(roles)["x-ms-client-principal"] + "A".repeat(9_000)),
};

const protectedRoutes = routes.filter(({ role }) => role !== null);

/** Refused without a trace but in the log. */
async function refused(api: ApiHost, route: AnyRoute, headers: Record<string, string>, status: number): Promise<void> {
  const answer = await api.send(sentOf(route, sampleFor(route), headers), route);
  expect({ route: route.id, status: answer.status }).toEqual({ route: route.id, status });
  expect(answer.headers["cache-control"]).toBe("no-store");
}

describe("who may", () => {
  let trusting: ApiHost;
  let open: ApiHost;
  let real: ApiHost;

  beforeAll(async () => {
    const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;
    [trusting, open, real] = await Promise.all([
      startApi({ FIXTURE_AUTH: "trusting" }),
      startApi({}),
      startApi({ WEBSITE_AUTH_ENABLED: "True", WEBSITE_AUTH_OPENID_ISSUER: issuer }),
    ]);
  });
  afterAll(() => Promise.all([trusting, open, real].map((api) => api?.stop())));

  it("is covered: there are routes of every method, and every protected one names a role", () => {
    expect(protectedRoutes.length).toBe(routes.length - 1);
  });

  it.each(Object.entries(refusals))("refuses with 401, whatever the role: %s", async (_name, headersFor) => {
    const before = await trusting.rows();
    for (const route of protectedRoutes)
      for (const role of roleSets) await refused(trusting, route, headersFor(rolesOf(role)), 401);
    expect(await trusting.rows()).toBe(before);
  });

  it("refuses with 401 a header that nobody guards, and logs it as forged", async () => {
    const before = await open.rows();
    for (const route of routes) for (const role of roleSets) await refused(open, route, signedIn(rolesOf(role)), 401);
    for (const route of protectedRoutes) await refused(open, route, {}, 401);
    expect(await open.rows()).toBe(before);
    const forged = (await open.log()).filter((line) => line.includes("App Service Authentication is off"));
    expect(forged).toHaveLength(routes.length * roleSets.length);
  });

  it("refuses with 403 who has not the role, and logs each refusal once", async () => {
    const before = await trusting.rows();
    const logged = (await trusting.log()).length;
    const wrong = protectedRoutes.flatMap((route) =>
      roleSets
        .filter((role) => !hasRole({ roles: rolesOf(role) }, route.role ?? "Tourniquet.Admin"))
        .map((role) => ({ route, role })),
    );
    for (const { route, role } of wrong) await refused(trusting, route, signedIn(rolesOf(role)), 403);
    expect(await trusting.rows()).toBe(before);
    expect((await trusting.log()).length - logged).toBe(wrong.length);
  });

  it("lets everybody do what their role is for, an administrator everything", async () => {
    for (const route of protectedRoutes) {
      for (const role of Role.options.filter((one) => hasRole({ roles: [one] }, route.role ?? one))) {
        const { status } = await trusting.send(sentOf(route, sampleFor(route), signedIn([role])), route);
        expect([200, 201, 202, 403, 404, 409, 412, 422], `${route.id} ${role}`).toContain(status);
      }
    }
  });

  it("lets a page of another site change nothing, even in the name of an administrator", async () => {
    for (const route of protectedRoutes.filter(({ method }) => method !== "GET")) {
      await refused(trusting, route, { ...signedIn(["Tourniquet.Admin"]), "sec-fetch-site": "cross-site" }, 403);
    }
  });

  it("believes the platform alone: a forged header beside no token is nobody, beside a token it is the token's caller", async () => {
    const login = (name: string, roles: readonly Role[]) => {
      const body = JSON.stringify({ name, roles });
      return real.send({ method: "POST", path: "/.auth/login/development", body });
    };
    const { body } = await login("rita@contoso.example", ["Tourniquet.Reader"]);
    const token = { authorization: `Bearer ${(body as { accessToken: string }).accessToken}` };
    for (const route of protectedRoutes) {
      const forged = signedIn(["Tourniquet.Admin"]);
      await refused(real, route, forged, 401);
      if (route.role !== "Tourniquet.Reader") await refused(real, route, { ...forged, ...token }, 403);
    }
    const count = { method: "POST", path: "/api/x-count", headers: token, body: '{"note":"n"}' };
    expect((await real.send(count)).status).toBe(403);
  });
});
