/** Whom the platform's header names: by long and short claims, for people and workloads, and when it names nobody. */
import { describe, expect, it } from "vitest";
import { readPrincipal } from "../../../functions/api/client-principal.ts";
import { Role } from "../../../shared/domain/caller.ts";
import { startAt, tenantId } from "../../support/harness-cast.ts";
import { type Claim, callerWith, claimsOf, principalOf } from "../../support/principal.ts";

const alice = callerWith(["Tourniquet.Approver", "Tourniquet.Reader"]);
const siem = callerWith(["Tourniquet.Operator"], 7, "workload");
const claim = (typ: string, val: string): Claim => ({ typ, val });

/** What a token of v2.0 leaves when nothing is mapped. */
const short = (...more: Claim[]): Claim[] => [
  claim("oid", alice.id.toUpperCase()),
  claim("tid", tenantId),
  claim("exp", "1900000000"),
  ...more,
];

describe("readPrincipal", () => {
  it.each([alice, siem])("reads the long names that App Service maps claims to: $kind", (caller) => {
    const read = readPrincipal(principalOf(claimsOf(caller, startAt)));
    expect(read).toEqual({
      caller: { ...caller, roles: expect.arrayContaining([...caller.roles]) },
      tenantId,
      expiresAt: startAt,
    });
  });

  it("reads the short names of the token, and ids in any case", () => {
    const person = [claim("scp", "user_impersonation"), claim("preferred_username", "alice@contoso.example")];
    expect(readPrincipal(principalOf(short(...person, claim("roles", "Tourniquet.Admin"))))).toEqual({
      caller: { id: alice.id, name: "alice@contoso.example", kind: "person", roles: ["Tourniquet.Admin"] },
      tenantId,
      expiresAt: 1_900_000_000_000,
    });
  });

  it.each([
    ["person", [claim("idtyp", "user")]],
    ["workload", [claim("idtyp", "app"), claim("scp", "left over")]],
    ["person", [claim("scp", "user_impersonation"), claim("sub", alice.id)]],
    ["person", [claim("sub", "pairwise")]],
    ["workload", [claim("sub", alice.id)]],
    ["workload", []],
  ] as const)("takes for a %s: %j", (kind, claims) => {
    expect(readPrincipal(principalOf(short(...claims))).caller.kind).toBe(kind);
  });

  it("knows no roles but ours, by both names of the claim", () => {
    const others = ["Admin", "tourniquet.admin", "Tourniquet.Admin ", "Tourniquet.Root"].map((role) =>
      claim("roles", role),
    );
    expect(readPrincipal(principalOf(short(...others, claim("groups", "Tourniquet.Admin")))).caller.roles).toEqual([]);
    const long = Role.options.map((role) =>
      claim("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", role),
    );
    expect(readPrincipal(principalOf(short(...long))).caller.roles).toEqual(Role.options);
  });

  it.each([
    ["no object id", short().slice(1)],
    ["two object ids", short(claim("oid", siem.id))],
    ["an object id that is none", [claim("oid", "alice"), ...short().slice(1)]],
    ["no tenant", short().filter(({ typ }) => typ !== "tid")],
    ["two tenants", short(claim("http://schemas.microsoft.com/identity/claims/tenantid", siem.id))],
    ["no expiry", short().filter(({ typ }) => typ !== "exp")],
    ["two expiries", short(claim("exp", "1900000001"))],
    ["an expiry that is no time", [...short().slice(0, 2), claim("exp", "never")]],
  ])("names nobody with %s, and does not repeat what it holds", (_what, claims) => {
    expect(() => readPrincipal(principalOf(claims))).toThrow(expect.objectContaining({ code: "bad-principal" }));
    expect(() => readPrincipal(principalOf(claims))).not.toThrow(/alice|never|cccccccc/);
  });

  it("names nobody by another provider, or in another form", () => {
    const forms = [
      principalOf(short(), "google"),
      principalOf(short(), "AAD"),
      "",
      "!",
      btoa("{"),
      btoa("[]"),
      btoa("null"),
    ];
    for (const form of forms)
      expect(() => readPrincipal(form)).toThrow(expect.objectContaining({ code: "bad-principal" }));
  });
});
