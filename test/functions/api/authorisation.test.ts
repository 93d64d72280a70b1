/** Who may do what, over sockets: every route × every role × every way to say who one is. A new route is in it by itself. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mayCall, Role } from "../../../shared/domain/caller.ts";
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

/** With every role, all at once. */
async function each(some: readonly AnyRoute[], ask: (route: AnyRoute, role: Role | null) => Promise<void>) {
  await Promise.all(some.flatMap((route) => roleSets.map((role) => ask(route, role))));
}

/** Refused without a trace but in the log. */
async function refused(api: ApiHost, route: AnyRoute, headers: Record<string, string>, status: number): Promise<void> {
  const answer = await api.send(sentOf(route, sampleFor(route), headers), route);
  expect({ route: route.id, status: answer.status }).toEqual({ route: route.id, status });
  expect(answer.headers["cache-control"]).toBe("no-store");
}

describe("who may", () => {
  let api: ApiHost;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api?.stop());

  it("is covered: there are routes of every method, and every protected one names a role", () => {
    expect(protectedRoutes.length).toBe(routes.length - 1);
  });

  it.each(Object.entries(refusals))("refuses with 401, whatever the role: %s", async (_name, headersFor) => {
    const before = await api.rows();
    await each(protectedRoutes, (route, role) => refused(api, route, headersFor(rolesOf(role)), 401));
    expect(await api.rows()).toBe(before);
  });

  it("refuses with 401 a header that nobody guards, and logs it as forged", async () => {
    const before = await api.rows();
    await api.setPlatform("off");
    try {
      for (const route of routes) for (const role of roleSets) await refused(api, route, signedIn(rolesOf(role)), 401);
      for (const route of protectedRoutes) await refused(api, route, {}, 401);
    } finally {
      await api.setPlatform("on");
    }
    expect(await api.rows()).toBe(before);
    const forged = (await api.log()).filter((line) => line.includes("App Service Authentication is off"));
    expect(forged).toHaveLength(routes.length * roleSets.length);
  });

  it("refuses with 403 who has not the role, and logs each refusal once", async () => {
    const before = await api.rows();
    const logged = (await api.log()).length;
    const wrong = protectedRoutes.flatMap((route) =>
      roleSets
        .filter((role) => !mayCall(route.role ?? "Tourniquet.Admin", { roles: rolesOf(role) }))
        .map((role) => ({ route, role })),
    );
    await Promise.all(wrong.map(({ route, role }) => refused(api, route, signedIn(rolesOf(role)), 403)));
    expect(await api.rows()).toBe(before);
    expect((await api.log()).length - logged).toBe(wrong.length);
  });

  it("lets everybody do what their role is for, an administrator everything", async () => {
    for (const route of protectedRoutes) {
      for (const role of roleSets.filter((one) => mayCall(route.role ?? "Tourniquet.Admin", { roles: rolesOf(one) }))) {
        const { status } = await api.send(sentOf(route, sampleFor(route), signedIn(rolesOf(role))), route);
        expect([200, 201, 202, 403, 404, 409, 412, 422], `${route.id} ${role}`).toContain(status);
      }
    }
  });

  it("opens to who has no role only what says so, and never without a sign-in", async () => {
    const open = protectedRoutes.filter(({ role }) => role === "signed-in");
    expect(open.map(({ id }) => id).sort()).toEqual(["keepUnused", "keepUnusedPage"]);
  });

  it("lets a page of another site change nothing, even in the name of an administrator", async () => {
    for (const route of protectedRoutes.filter(({ method }) => method !== "GET")) {
      await refused(api, route, { ...signedIn(["Tourniquet.Admin"]), "sec-fetch-site": "cross-site" }, 403);
    }
  });
});
