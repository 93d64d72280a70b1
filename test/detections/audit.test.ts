/** What the detections of audit records know beside the record: who made what, when it came to be, and who cleared a risk. */
import { describe, expect, test } from "vitest";
import {
  applicationCreatedWithCredentials,
  credentialAddedToApplication,
  firstCredentialAdded,
  illicitConsent,
  ownerAdded,
  riskCleared,
  riskyConsentGiven,
  selfGrantedPrivilege,
  servicePrincipalCreated,
  servicePrincipalGranted,
  shortLivedServicePrincipal,
  tenantWideConsent,
} from "../../shared/detections/index.ts";
import {
  auditExample,
  consentExample,
  credentialExample,
  exampleHistory,
  exampleNobody,
  exampleSubject,
  exampleUser,
  exampleWorkload,
  existenceExample,
  grantExample,
  onExampleApplication,
  riskyExample,
  roleExample,
} from "../../shared/detections/support/examples.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";
import { detect } from "../../shared/engine/ingest/detect.ts";

const facts = { now: 0, tuning: defaultTuning };
const own = exampleSubject.servicePrincipalId;
const keyId = "11ca002d-d846-4692-8e1f-501db99f485a";

test("a credential on an application is one of three things, whatever was there before", () => {
  const all = [credentialAddedToApplication, firstCredentialAdded, applicationCreatedWithCredentials];
  for (const before of [null, 0, 1, 2]) {
    for (const atCreation of [true, false]) {
      const event = credentialExample({ ...onExampleApplication, before, atCreation });
      expect(all.filter((one) => one.evaluate(event, facts) !== null)).toHaveLength(1);
    }
  }
});

test("a consent is for one user or for everybody; that it was risky is a finding of its own", () => {
  for (const [onBehalfOfAll, ids] of [
    [true, ["tenant-wide-consent"]],
    [false, ["illicit-consent"]],
  ] as const) {
    const found = [illicitConsent, tenantWideConsent].filter(
      (one) => one.evaluate(consentExample(["Mail.Read"], { onBehalfOfAll }), facts) !== null,
    );
    expect(found.map(({ id }) => id)).toEqual(ids);
  }
  expect(riskyConsentGiven.evaluate(consentExample(["User.Read"], { risky: true }), facts)).not.toBeNull();
});

describe("a workload that gives privilege", () => {
  test("is found itself, beside the one that got it", () => {
    const found = detect(grantExample({ actor: exampleWorkload }), facts);
    expect(found.map(({ detection, subject }) => [detection, subject.servicePrincipalId])).toEqual([
      ["app-role-granted", own],
      ["service-principal-granted", exampleWorkload.id],
    ]);
    expect(found[1]?.details).toEqual({
      about: "privilege-granted",
      grantee: exampleSubject,
      what: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
      toItself: false,
    });
  });

  test("is found also where the record names nobody who got it", () => {
    const found = detect(roleExample({ actor: exampleWorkload, subject: exampleNobody }), facts);
    expect(found.map(({ topic, subject }) => topic?.kind ?? subject.servicePrincipalId)).toEqual([
      "unnamed",
      exampleWorkload.id,
    ]);
  });

  test("to itself has one finding for that, whose removal is exact", () => {
    const found = detect(roleExample({ actor: { ...exampleWorkload, id: own } }), facts);
    expect(found.map(({ detection, severity }) => [detection, severity])).toEqual([
      ["directory-role-assigned", "high"],
      ["self-granted-privilege", "critical"],
    ]);
    expect(found[0]?.details).toEqual(found[1]?.details);
  });

  test("which the record does not tell by its id is never removed unseen", () => {
    const byItself = { actor: { ...exampleWorkload, id: own }, appRoleId: null };
    const ceilings = [
      grantExample({ ...byItself, value: "RoleManagement.ReadWrite.Directory" }),
      grantExample({ ...byItself, value: "User.Read.All", resourceAppId: null }),
      roleExample({ ...byItself, roleDefinitionId: null }),
    ].map((event) => detect(event, facts).map(({ ceiling }) => ceiling));
    expect(ceilings).toEqual(ceilings.map(() => ["approve", "approve"]));
  });

  test("is worth what its value says only where Microsoft chose the value", () => {
    const found = (value: string, resourceAppId: string | null) =>
      detect(grantExample({ appRoleId: null, value, resourceAppId }), facts).map(
        ({ detection, severity }) => `${detection} ${severity}`,
      );
    const exchange = "00000002-0000-0ff1-ce00-000000000000";
    expect(found("full_access_as_app", exchange)).toEqual(["app-role-granted high"]);
    expect(found("MAIL.readwrite", exchange)).toEqual(["app-role-granted medium"]);
    expect(found("User.Read.All", "00000003-0000-0000-c000-000000000000")).toEqual(["ordinary-permission-granted low"]);
    expect(found("User.Read.All", null)).toEqual(["app-role-granted high"]);
    expect(found("RoleManagement.ReadWrite.Directory", "c5393580-f805-4401-95e8-94b7a6ef2fc2")).toEqual([]);
  });

  test("over one service, to itself or another, is found and asks", () => {
    const helpdesk = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
    const toItself = detect(roleExample({ actor: { ...exampleWorkload, id: own }, roleDefinitionId: helpdesk }), facts);
    expect(toItself.map(({ detection, severity, ceiling }) => [detection, severity, ceiling])).toEqual([
      ["directory-role-assigned", "medium", "approve"],
      ["self-granted-privilege", "high", "approve"],
    ]);
    const toAnother = detect(roleExample({ actor: exampleWorkload, roleDefinitionId: helpdesk }), facts);
    expect(toAnother.map(({ detection, severity }) => [detection, severity])).toEqual([
      ["directory-role-assigned", "medium"],
      ["service-principal-granted", "medium"],
    ]);
  });

  test("to what it created counts for a day", () => {
    const event = grantExample({ actor: exampleWorkload });
    const madeBefore = (minutes: number) =>
      selfGrantedPrivilege.evaluate(event, {
        ...facts,
        actorBaseline: exampleHistory({ created: { [own]: minutes } }),
      });
    expect(madeBefore(23 * 60)).not.toBeNull();
    expect(madeBefore(25 * 60)).toBeNull();
  });

  test("is nobody to be found when it is a person, or the platform", () => {
    for (const actor of [exampleUser, { ...exampleWorkload, id: null }]) {
      expect(servicePrincipalGranted.evaluate(grantExample({ actor }), facts)).toBeNull();
    }
  });
});

describe("a burst of new service principals", () => {
  const severity = (...minutesBefore: number[]) => {
    const created = Object.fromEntries(minutesBefore.map((minutes, i) => [`id-${i}`, minutes]));
    const match = servicePrincipalCreated.evaluate(existenceExample({}), {
      ...facts,
      actorBaseline: exampleHistory({ created }),
    });
    return [match?.severity ?? "informational", match?.details.about === "created" ? match.details.together : null];
  };

  test("is four within ten minutes, this one among them, whichever came first", () => {
    expect(severity(0, 3, 6, 9)).toEqual(["medium", 4]);
    expect(severity(0, -3, -6, -9)).toEqual(["medium", 4]);
    expect(severity(5, 2, 0, -4)).toEqual(["medium", 4]);
    expect(severity(0, 3, 6)).toEqual(["informational", 3]);
    // four, but over twenty minutes
    expect(severity(9, 6, 0, -9)).toEqual(["informational", 3]);
  });

  test("is not told of an actor that is not known", () => {
    const match = servicePrincipalCreated.evaluate(existenceExample({}), facts);
    expect(match?.details).toMatchObject({ together: null });
  });
});

describe("a short life", () => {
  const life = (created: number, deleted: number, seen: Parameters<typeof exampleHistory>[0]) =>
    shortLivedServicePrincipal.evaluate(existenceExample({ change: "deleted" }), {
      ...facts,
      baseline: exampleHistory({ life: { [`created:${own}`]: created, [`deleted:${own}`]: deleted }, ...seen }),
    });

  test("is at most so many minutes, and was of use to somebody", () => {
    expect(life(9, 0, { "key-added": { [keyId]: 5 } })?.details).toMatchObject({ signedIn: false });
    expect(life(9, 0, { resource: { graph: 1 } })?.details).toMatchObject({ signedIn: true });
    expect(life(9, 0, { federated: { tuple: 5 } })?.details).toMatchObject({ signedIn: false });
    expect(life(11, 0, { "key-added": { [keyId]: 5 } })).toBeNull();
    expect(life(9, 0, {})).toBeNull();
    expect(life(9, 2, { resource: { graph: 1 } })).toBeNull();
    // deleted, and created again
    expect(life(0, 9, { "key-added": { [keyId]: 5 } })).toBeNull();
  });

  test("is one finding whichever of its records comes last", () => {
    const baseline = exampleHistory({
      life: { [`created:${own}`]: 8, [`deleted:${own}`]: 0 },
      "key-added": { [keyId]: 5 },
    });
    const last = [existenceExample({ change: "deleted" }), existenceExample({}), credentialExample({})];
    const found = last.map((event) => shortLivedServicePrincipal.evaluate(event, { ...facts, baseline }));
    expect(new Set(found.map((match) => match?.dedupeBy)).size).toBe(1);
    expect(found.every((match) => match !== null)).toBe(true);
  });
});

test("the creator of an object owns it: known from this process, or from what was seen of the identity", () => {
  const owned = auditExample("owner-added", { ...onExampleApplication, ownerId: exampleUser.id ?? "" });
  const createdAt = Date.parse(owned.occurredAt);
  const baseline = exampleHistory({ life: { [`created:${onExampleApplication.objectId}`]: 0 } });
  expect(ownerAdded.evaluate(owned, { ...facts, createdAt: () => createdAt })).toBeNull();
  expect(ownerAdded.evaluate(owned, { ...facts, createdAt: () => null, baseline })).toBeNull();
  expect(ownerAdded.evaluate(owned, { ...facts, createdAt: () => createdAt - 3600_000 })).not.toBeNull();
});

test("a risk that was cleared says by whom, where the log tells it", () => {
  const by = (actor: typeof exampleUser) =>
    riskCleared.evaluate(auditExample("risk-judged", { judgement: "dismissed" }, { actor }), facts)?.details;
  expect(by(exampleUser)).toMatchObject({ by: "user" });
  expect(by(exampleWorkload)).toMatchObject({ by: "workload" });
  expect(riskCleared.evaluate(riskyExample({ riskState: "dismissed" }), facts)?.details).toMatchObject({ by: null });
});
