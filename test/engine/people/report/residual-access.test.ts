/** What still works afterwards is said for the worst case, and never called revoked. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IdentityKind } from "../../../../shared/domain/identity.ts";
import { residualAccess } from "../../../../shared/engine/people/report/residual-access.ts";
import { actions } from "../../../../shared/engine/registry.ts";
import { now } from "../../../support/findings.ts";

const minutesAfter = (until: string) => (Date.parse(until) - now) / 60_000;
const after = (kind: IdentityKind, ...ids: readonly string[]) =>
  residualAccess(
    kind,
    ids.map((action) => ({ action, at: now })),
  );

test("whatever was done to whatever kind leaves something open, with an end to it, and nothing is called revoked", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...IdentityKind.options),
      fc.array(fc.constantFrom(...actions.keys()), { minLength: 1, maxLength: 6 }),
      (kind, ids) => {
        const left = after(kind, ...ids);
        expect(left.length).toBeGreaterThan(0);
        for (const { until, why } of left) {
          expect(minutesAfter(until)).toBeGreaterThan(0);
          expect(why).not.toMatch(/\brevoked\b/i);
        }
        expect(Math.max(...left.map(({ until }) => minutesAfter(until)))).toBeGreaterThanOrEqual(90);
      },
    ),
  );
});

test("where nothing was done nothing is said", () => {
  expect(after("home-single-tenant")).toEqual([]);
});

test("a revocation event is claimed for a disabled home application of this tenant alone, and only on Microsoft Graph", () => {
  const claims = IdentityKind.options.flatMap((kind) =>
    after(kind, "disable-service-principal")
      .filter(({ why }) => why.includes("raised a revocation event"))
      .map(({ where }) => [kind, where]),
  );
  expect(claims).toEqual([["home-single-tenant", "Microsoft Graph"]]);
});

describe("by what was done", () => {
  const minutes = (kind: IdentityKind, ...ids: readonly string[]) =>
    Object.fromEntries(after(kind, ...ids).map(({ where, until }) => [where, minutesAfter(until)]));

  test("a disable ends tokens within 90 minutes, whatever else was removed since", () => {
    const wanted = { "Microsoft Graph": 90, "all other resources": 90 };
    expect(minutes("home-single-tenant", "disable-service-principal")).toEqual(wanted);
    expect(minutes("foreign", "disable-service-principal", "remove-delegated-grants")).toEqual(wanted);
  });

  test("removing credentials alone leaves a Graph token for up to 28 hours, and so does deactivating alone", () => {
    const wanted = { "Microsoft Graph": 28 * 60, "all other resources": 90 };
    expect(minutes("home-single-tenant", "remove-password-credentials")).toEqual(wanted);
    expect(minutes("home-single-tenant", "deactivate-application")).toEqual(wanted);
  });

  test("managed identities' tokens are cached for a day everywhere, but Azure looks at roles when asked", () => {
    expect(minutes("managed-identity", "remove-app-role-assignments")).toEqual({ "every resource": 24 * 60 });
    expect(minutes("managed-identity", "remove-azure-roles")).toMatchObject({
      "every resource": 24 * 60,
      "Azure resources of the removed roles": 10,
    });
  });

  test("a deactivated application is told of in the other tenants that use it", () => {
    expect(minutes("home-multi-tenant", "disable-service-principal", "deactivate-application")).toMatchObject({
      "other tenants that use the application": 28 * 60,
    });
  });

  test("counted from the disable, not from what was removed later", () => {
    const left = residualAccess("home-single-tenant", [
      { action: "disable-service-principal", at: now },
      { action: "remove-password-credentials", at: now + 3600_000 },
    ]);
    expect(left.map(({ until }) => minutesAfter(until))).toEqual([90, 90]);
  });
});
