import { describe, expect, test } from "vitest";
import {
  addedSecret,
  appId,
  applicationId,
  audit,
  eventOf,
  keyA,
  keyB,
  keyDescription,
  keys,
  type Raw,
  secretsOperation,
  servicePrincipalId,
  target,
  verdict,
} from "./build.ts";

const changed = (record: Raw) => eventOf("credentials-changed", record);
const onServicePrincipal = { targetResources: [target("ServicePrincipal", servicePrincipalId, addedSecret)] };

describe("a credential change on an application", () => {
  test("names the object, the keys that came, and how many there were", () => {
    expect(changed(audit())).toMatchObject({
      recordId: "Directory_1",
      occurredAt: "2026-03-02T09:40:00.100Z",
      correlationId: "53161141-e3f4-4944-85b6-7b953f17265e",
      object: "application",
      objectId: applicationId,
      subject: { applicationObjectId: applicationId, servicePrincipalId: null, appId: null },
      actor: { kind: "user", id: "40123ae1-dfb1-4224-95c6-edd2500c27f7" },
      added: [{ keyId: keyB }],
      removed: [],
      before: 1,
      succeeded: true,
    });
  });

  test.each([
    secretsOperation,
    "Update application - Certificates and secrets management",
    "UPDATE APPLICATION \u2014 Certificates  and secrets management.",
    "Create application – Certificates and secrets management ",
    "Update application",
    "Update application.",
  ])("is found under the activity %j", (operation) => {
    expect(changed(audit({}, operation)).added).toHaveLength(1);
  });

  test("is read from activityDisplayName where operationName is not text", () => {
    expect(verdict(audit({ activityDisplayName: secretsOperation }, { value: "x" }))).toBe("credentials-changed");
  });

  test("is found whatever the case of the keys, and in a flat record", () => {
    const { properties, ...outer } = audit();
    const flat = { ...outer, ...(properties as Raw) };
    const pascal = Object.fromEntries(
      Object.entries(flat).map(([key, value]) => [key[0]?.toUpperCase() + key.slice(1), value]),
    );
    const lower = Object.fromEntries(Object.entries(audit()).map(([key, value]) => [key.toLowerCase(), value]));
    expect(changed(lower)).toEqual(changed(audit()));
    expect(changed({ ...pascal, Category: "auditlogs" })).toMatchObject({
      objectId: applicationId,
      added: [{ keyId: keyB }],
    });
  });

  test("is found where lists and objects are JSON text", () => {
    const { properties, ...outer } = audit();
    const fields = properties as Raw;
    const asText = { ...fields, targetResources: JSON.stringify(fields.targetResources) };
    expect(changed({ ...outer, properties: asText })).toEqual(changed(audit()));
    expect(changed({ ...outer, properties: JSON.stringify(fields) })).toEqual(changed(audit()));
  });

  test("takes the envelope's time where its own cannot be read, and none is a dead letter", () => {
    const record = audit({ activityDateTime: "soon" });
    expect(changed(record).occurredAt).toBe("2026-03-02T09:41:00.227Z");
    expect(verdict({ ...record, time: "never" })).toBe("dead letter: schema");
  });
});

describe("the victim of a credential change", () => {
  test("is the target of the activity's type, wherever it stands", () => {
    const user = target("User", "40123ae1-dfb1-4224-95c6-edd2500c27f7");
    const graph = target("ServicePrincipal", servicePrincipalId);
    const victim = target("Application", applicationId, addedSecret);
    for (const targetResources of [
      [user, graph, victim],
      [victim, graph, user],
    ]) {
      expect(changed(audit({ targetResources })).objectId).toBe(applicationId);
    }
  });

  test("is a service principal for the activities of service principals", () => {
    for (const operation of ["Add service principal credentials", "Update service principal"]) {
      expect(changed(audit(onServicePrincipal, operation))).toMatchObject({
        object: "servicePrincipal",
        objectId: servicePrincipalId,
        subject: { servicePrincipalId, applicationObjectId: null },
      });
    }
  });

  test("may lack a type if it alone carries the keys", () => {
    const targetResources = [target(null, applicationId, addedSecret)];
    expect(changed(audit({ targetResources })).objectId).toBe(applicationId);
  });

  const names = (value: string) => ({ displayName: "TargetId.ServicePrincipalNames", oldValue: null, newValue: value });
  const named = (details: unknown, ...properties: readonly Raw[]) =>
    audit({
      additionalDetails: details,
      targetResources: [target("Application", applicationId, addedSecret, ...properties)],
    });
  const other = "a70a7931-c387-4dce-9f35-fbf95bdcc91e";

  test.each<[string, Raw, string | null]>([
    ["additional details", named([{ value: appId, key: "AppId" }]), appId],
    ["additional details in capitals", named([{ key: "appid", value: appId.toUpperCase() }]), appId],
    ["service principal names", named([], names(`"${appId};https://identity.azure.net/x="`)), appId],
    ["a modified property", named([], { displayName: "ServicePrincipal.AppId", newValue: `"${appId}"` }), appId],
    ["both, agreeing", named([{ key: "AppId", value: appId }], names(`"${appId}"`)), appId],
    ["both, disagreeing: unknown", named([{ key: "AppId", value: other }], names(`"${appId}"`)), null],
    ["the all-zero id: unknown", named([{ key: "AppId", value: "00000000-0000-0000-0000-000000000000" }]), null],
    ["nothing", named(null), null],
  ])("has its appId from %s", (_, record, expected) => {
    expect(changed(record).subject.appId).toBe(expected);
  });

  test("is known as a managed identity by the name that only Azure gives", () => {
    expect(changed(named([], names(`"${appId};https://identity.azure.net/x="`))).managedIdentityName).toBe(true);
    expect(
      changed(named([], names(`"${appId};https://identity.azure.net.evil.com/"`))).managedIdentityName,
    ).toBeUndefined();
  });

  test.each<[string, Raw[]]>([
    ["there is no target", []],
    ["the only target is of another type", [target("User", applicationId, addedSecret)]],
    ["two targets may be meant", [1, 2].map(() => target("Application", applicationId, addedSecret))],
  ])("is never guessed: %s", (_, targetResources) => {
    expect(verdict(audit({ targetResources }))).toBe("dead letter: no-victim");
  });
});

describe("the keys of a credential change", () => {
  const withKeys = (...description: Raw[]) =>
    audit({ targetResources: [target("Application", applicationId, ...description)] });

  test("first credential, removal and exchange are told apart", () => {
    const first = changed(withKeys(keyDescription("[]", keys([keyA]))));
    expect(first).toMatchObject({ before: 0, added: [{ keyId: keyA }], removed: [] });
    const removal = changed(withKeys(keyDescription(keys([keyA]), "[]")));
    expect(removal).toMatchObject({ before: 1, added: [], removed: [{ keyId: keyA }] });
    const exchange = changed(withKeys(keyDescription(keys([keyA]), keys([keyB]))));
    expect(exchange).toMatchObject({ added: [{ keyId: keyB }], removed: [{ keyId: keyA }] });
  });

  test("an old list that is not said leaves open which keys are new", () => {
    const event = changed(withKeys(keyDescription(null, keys([keyA], [keyB]))));
    expect(event).toMatchObject({ before: null, removed: [] });
    expect(event.added).toHaveLength(2);
  });

  test.each<[string, Raw, string]>([
    [
      "only their order changed",
      withKeys(keyDescription(keys([keyA], [keyB]), keys([keyB], [keyA]))),
      "ignored: nothing-changed",
    ],
    ["the new list is not said", withKeys(keyDescription(keys([keyA]), null)), "ignored: credentials-not-said"],
    ["the keys are not mentioned", withKeys(), "ignored: credentials-not-said"],
    ["the list is cut off", withKeys(keyDescription("[]", keys([keyA]).slice(0, -9))), "dead letter: schema"],
    ["the change failed", audit({ result: "Failure" }), "ignored: activity-failed"],
    [
      "a plain update without keys",
      audit({ targetResources: [target("Application", applicationId)] }, "Update application"),
      "ignored: no-credential-change",
    ],
    ["another activity", audit({}, "Update user"), "ignored: activity-not-read"],
    ["no activity", audit({}, null), "ignored: activity-not-read"],
  ])("%s", (_, record, expected) => {
    expect(verdict(record)).toBe(expected);
  });

  test("a timeout may have been done, so it counts", () => {
    expect(verdict(audit({ result: "timeout" }))).toBe("credentials-changed");
  });
});

describe("the actor", () => {
  const workload = { displayName: "x", appId: null, servicePrincipalId, servicePrincipalName: null };
  test.each<[string, unknown, Raw]>([
    ["nobody", {}, { kind: "unknown", id: null }],
    ["null", null, { kind: "unknown", id: null }],
    ["both null", { user: null, app: null }, { kind: "unknown", id: null }],
    ["a workload without appId", { app: workload }, { kind: "workload", id: servicePrincipalId, appId: null }],
    ["a workload with only a name", { app: { displayName: "Microsoft.Intune" } }, { kind: "workload", id: null }],
    [
      "a workload beside an empty user",
      { user: { id: null }, app: workload },
      { kind: "workload", id: servicePrincipalId },
    ],
    [
      "a user through an application",
      { user: { id: applicationId }, app: workload },
      { kind: "user", id: applicationId },
    ],
  ])("may be %s", (_, initiatedBy, expected) => {
    expect(changed(audit({ initiatedBy })).actor).toMatchObject(expected);
  });
});
