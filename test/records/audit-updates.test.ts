/** What a plain update changed beside credentials: requested permissions, addresses, exposure, names. */
import { describe, expect, test } from "vitest";
import { normalise } from "../../shared/records/index.ts";
import {
  appId,
  applicationId,
  audit,
  eventOf,
  type Raw,
  servicePrincipalId,
  target,
  tenantId,
  verdict,
} from "./build.ts";

const changed = (displayName: string, oldValue: unknown, newValue: unknown) => ({
  displayName,
  oldValue: typeof oldValue === "string" || oldValue === null ? oldValue : JSON.stringify(oldValue),
  newValue: typeof newValue === "string" || newValue === null ? newValue : JSON.stringify(newValue),
});
const updated = (...properties: Raw[]) =>
  audit({ targetResources: [target("Application", applicationId, ...properties)] }, "Update application");
const created = (...properties: Raw[]) =>
  audit({ targetResources: [target("Application", applicationId, ...properties)] }, "Add application");
const typesOf = (record: Raw) => {
  const result = normalise(record, tenantId);
  return result.outcome === "event" ? [result.event, ...(result.more ?? [])].map(({ type }) => type) : [];
};

const graph = "00000003-0000-0000-c000-000000000000";
const exchange = "00000002-0000-0ff1-ce00-000000000000";
const read = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
const fullAccess = "dc890d15-9560-4a4c-9b7f-a736ec74ec40";

describe("permissions that an application asks for", () => {
  const asked = (id: string, direct: boolean, delegated: number[]) => ({
    EntitlementId: id,
    DirectAccessGrant: direct,
    ImpersonationAccessGrants: delegated,
  });
  const api = (ResourceAppId: string, ...RequiredAppPermissions: Raw[]) => ({
    ResourceAppId,
    RequiredAppPermissions,
    EncodingVersion: 1,
  });
  const before = [api(graph, asked(read, false, [20]))];

  test("are told where they were not asked for before, each in its kind", () => {
    const after = [api(exchange, asked(fullAccess, true, [])), api(graph, asked(read, true, [20]))];
    expect(eventOf("permissions-requested", updated(changed("RequiredResourceAccess", before, after)))).toMatchObject({
      objectId: applicationId,
      subject: { applicationObjectId: applicationId },
      added: [
        { resourceAppId: exchange, id: fullAccess, application: true },
        { resourceAppId: graph, id: read, application: true },
      ],
    });
  });

  test("of a new application are told beside its creation", () => {
    const record = created(changed("RequiredResourceAccess", "[]", before));
    expect(typesOf(record)).toEqual(["existence-changed", "permissions-requested"]);
    expect(typesOf(created())).toEqual(["existence-changed"]);
  });

  test.each<[string, unknown, unknown, string]>([
    ["in another order", [...before, api(exchange)], [api(exchange), ...before], "ignored: nothing-changed"],
    ["withdrawn", before, "[]", "ignored: nothing-changed"],
    ["not said", before, null, "ignored: nothing-changed"],
    ["neither direct nor delegated", "[]", [api(graph, asked(read, false, []))], "ignored: nothing-changed"],
    [
      "named by no id",
      "[]",
      [api("x", asked(read, true, [])), api(graph, asked("y", true, []))],
      "ignored: nothing-changed",
    ],
    ["cut off", "[]", JSON.stringify(before).slice(0, -5), "dead letter: schema"],
    ["unknown before", null, before, "permissions-requested"],
  ])("that are %s", (_, old, now, expected) => {
    expect(verdict(updated(changed("RequiredResourceAccess", old, now)))).toBe(expected);
  });
});

describe("redirect addresses", () => {
  const at = (...addresses: string[]) =>
    addresses.map((Address) => ({ AddressType: 0, Address, ReplyAddressClientType: 1 }));

  test("are compared as sets, on an application and on a service principal", () => {
    const change = changed("AppAddress", at("https://a", "https://b"), at("https://c", "https://b"));
    const event = { added: ["https://c"], removed: ["https://a"] };
    expect(eventOf("redirect-uris-changed", updated(change))).toMatchObject({
      ...event,
      object: "application",
      objectId: applicationId,
    });
    const onPrincipal = audit(
      { targetResources: [target("ServicePrincipal", servicePrincipalId, change)] },
      "Update service principal",
    );
    expect(eventOf("redirect-uris-changed", onPrincipal)).toMatchObject({
      ...event,
      object: "servicePrincipal",
      objectId: servicePrincipalId,
    });
  });

  test.each<[string, Raw, string]>([
    ["in another order", updated(changed("AppAddress", at("a", "b"), at("b", "a", "b"))), "ignored: nothing-changed"],
    ["of a new application", created(changed("AppAddress", "[]", at("a"))), "existence-changed"],
    ["cut off", updated(changed("AppAddress", at("a"), '[{"Address":"b')), "dead letter: schema"],
    [
      "without an address",
      updated(changed("AppAddress", "[]", [{ AddressType: 0 }, null])),
      "ignored: nothing-changed",
    ],
  ])("%s", (_, record, expected) => {
    expect(verdict(record)).toBe(expected);
  });
});

describe("exposure", () => {
  test("says only what changed, all of it in one event", () => {
    const record = updated(
      changed("AvailableToOtherTenants", [false], [true]),
      changed("AppIdentifierUri", ["api://a"], ["api://a", "https://contoso.com"]),
      changed("LogoutUrl", [], ["https://evil.example/out"]),
    );
    expect(typesOf(record)).toEqual(["exposure-changed"]);
    expect(eventOf("exposure-changed", record)).toMatchObject({
      objectId: applicationId,
      multiTenant: true,
      identifierUrisAdded: ["https://contoso.com"],
      logoutUrl: "https://evil.example/out",
    });
    const opened = eventOf("exposure-changed", updated(changed("AvailableToOtherTenants", "[]", "[true]")));
    expect(opened).not.toHaveProperty("logoutUrl");
    expect(opened).not.toHaveProperty("identifierUrisAdded");
  });

  test.each<[string, Raw, string]>([
    ["closed again", updated(changed("AvailableToOtherTenants", [true], [false])), "ignored: nothing-changed"],
    ["open as before", updated(changed("AvailableToOtherTenants", [true], ["True"])), "ignored: nothing-changed"],
    ["an address fewer", updated(changed("IdentifierUris", ["a", "b"], ["a"])), "ignored: nothing-changed"],
    ["another spelling", updated(changed("identifierUris", "[]", ["api://x"])), "exposure-changed"],
    ["no logout any more", updated(changed("LogoutUrl", ["https://a"], "[]")), "ignored: nothing-changed"],
    [
      "names of a service principal",
      updated(changed("ServicePrincipalName", "[]", [appId])),
      "ignored: no-credential-change",
    ],
  ])("%s", (_, record, expected) => {
    expect(verdict(record)).toBe(expected);
  });

  test("of a new application is that it is open", () => {
    expect(typesOf(created(changed("AvailableToOtherTenants", "[]", "[true]")))).toContain("exposure-changed");
    expect(typesOf(created(changed("AvailableToOtherTenants", "[]", "[false]")))).toEqual(["existence-changed"]);
  });
});

describe("a new name", () => {
  test("is the claimed one, with the one before", () => {
    const event = eventOf("renamed", updated(changed("DisplayName", ["Payroll"], ["Micros0ft"])));
    expect(event).toMatchObject({ claimedName: "Micros0ft", before: "Payroll", object: "application" });
    expect(eventOf("renamed", updated(changed("DisplayName", null, ["x".repeat(9_999)]))).claimedName).toHaveLength(
      256,
    );
  });

  test.each<[string, unknown, unknown]>([
    ["the same", ["a"], "a"],
    ["not said", ["a"], null],
    ["empty", ["a"], [""]],
    ["no text", ["a"], [{}]],
  ])("that is %s is none", (_, before, after) => {
    expect(verdict(updated(changed("DisplayName", before, after)))).toBe("ignored: nothing-changed");
  });
});

test("one update tells each thing it changed, under an id of its own", () => {
  const record = updated(
    changed("DisplayName", ["a"], ["b"]),
    changed("AvailableToOtherTenants", [false], [true]),
    changed("AppAddress", "[]", [{ Address: "https://a" }]),
  );
  const result = normalise(record, tenantId);
  if (result.outcome !== "event") throw new Error("not read");
  const ids = [result.event, ...(result.more ?? [])].map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
});
