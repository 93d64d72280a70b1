/** One identity has one key, and no key of one tenant is a key of another. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Guid,
  IdentityRef,
  identityKey,
  isUnresolved,
  servicePrincipalKey,
  tenantOf,
  unresolvedKey,
} from "../../shared/domain/identity.ts";

const guid = fc.uuid();
const keyOf = fc.constantFrom(identityKey, servicePrincipalKey, unresolvedKey);

describe("a GUID", () => {
  it("is the same in whatever case a record writes it", () => {
    fc.assert(
      fc.property(guid, (id) => {
        expect(Guid.parse(id.toUpperCase())).toBe(Guid.parse(id));
      }),
    );
  });

  it.each([
    "",
    "Payroll",
    "5d1c2e0f93c24a2e9e4d0d6b3c1f1b11",
    "{5d1c2e0f-93c2-4a2e-9e4d-0d6b3c1f1b11}",
    "5d1c2e0f-93c2-4a2e-9e4d-0d6b3c1f1b11' or true",
    "5d1c2e0f-93c2-4a2e-9e4d-0d6b3c1f1b11\n",
    "../5d1c2e0f-93c2-4a2e-9e4d-0d6b3c1f1b",
  ])("is not %j", (text) => {
    expect(Guid.safeParse(text).success).toBe(false);
  });

  it("may be one that no RFC describes, because Microsoft's own application ids are", () => {
    expect(Guid.parse("00000003-0000-0000-c000-000000000000")).toBe("00000003-0000-0000-c000-000000000000");
  });
});

describe("an identity's key", () => {
  it("names its tenant", () => {
    fc.assert(
      fc.property(guid, guid, keyOf, (tenant, id, key) => {
        expect(tenantOf(key(tenant, id))).toBe(tenant);
      }),
    );
  });

  it("differs by tenant, by id and by what the id is the id of", () => {
    fc.assert(
      fc.property(guid, guid, keyOf, guid, guid, keyOf, (tenantA, idA, keyA, tenantB, idB, keyB) => {
        const same = tenantA === tenantB && idA === idB && keyA === keyB;
        expect(keyA(tenantA, idA) === keyB(tenantB, idB)).toBe(same);
      }),
    );
    const keys = [identityKey, servicePrincipalKey, unresolvedKey].map((key) => key("t", "id"));
    expect(new Set(keys).size).toBe(3);
  });

  it("says itself when its meaning is not known yet", () => {
    expect(isUnresolved(unresolvedKey("t", "id"))).toBe(true);
    expect(isUnresolved(identityKey("t", "id"))).toBe(false);
    expect(isUnresolved(servicePrincipalKey("t", "id"))).toBe(false);
  });
});

it("reads ids in lower case and keeps what is not known as null", () => {
  const ref = IdentityRef.parse({
    tenantId: "5D1C2E0F-93C2-4A2E-9E4D-0D6B3C1F1B11",
    appId: null,
    servicePrincipalId: "AA1C2E0F-93C2-4A2E-9E4D-0D6B3C1F1B11",
    applicationObjectId: null,
  });
  expect(ref).toEqual({
    tenantId: "5d1c2e0f-93c2-4a2e-9e4d-0d6b3c1f1b11",
    appId: null,
    servicePrincipalId: "aa1c2e0f-93c2-4a2e-9e4d-0d6b3c1f1b11",
    applicationObjectId: null,
  });
});
