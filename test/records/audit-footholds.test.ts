import { describe, expect, test } from "vitest";
import { normalise } from "../../shared/records/index.ts";
import {
  addedSecret,
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

const json = (value: unknown) => JSON.stringify(value);
const property = (displayName: string, oldValue: unknown, newValue: unknown): Raw => ({
  displayName,
  oldValue,
  newValue,
});

describe("federated credentials", () => {
  const item = (change: Raw = {}) => ({
    Name: "pipeline",
    Issuer: "https://token.actions.githubusercontent.com",
    Subject: "repo:contoso/app:environment:prod",
    Id: "e6897ca6-77cd-4213-9972-e041ef1335f7",
    Audiences: ["api://AzureADTokenExchange"],
    ClaimsMatchingExpressionValue: null,
    ...change,
  });
  const tuple = { issuer: item().Issuer, subject: item().Subject, expression: null, audiences: item().Audiences };
  const update = (oldValue: unknown, newValue: unknown) =>
    audit(
      {
        targetResources: [
          target("Application", applicationId, property("FederatedIdentityCredentials", oldValue, newValue)),
        ],
      },
      "Update application",
    );

  test("are compared by who may sign in: a new name or another order is no change", () => {
    const [a, b] = [item(), item({ Subject: "other" })];
    expect(verdict(update(json([a, b]), json([b, { ...a, Name: "renamed" }])))).toBe("ignored: nothing-changed");
    const replaced = eventOf(
      "federated-credentials-changed",
      update(json([a]), json([item({ Issuer: "https://evil" })])),
    );
    expect(replaced).toMatchObject({
      objectId: applicationId,
      added: [{ issuer: "https://evil" }],
      removed: [tuple],
      before: 1,
      subject: { applicationObjectId: applicationId },
    });
  });

  test("may be said by an expression instead of a subject, and before unknown", () => {
    const expression = "claims['sub'] matches 'repo:contoso/*'";
    const flexible = item({ Subject: null, ClaimsMatchingExpressionValue: expression });
    expect(eventOf("federated-credentials-changed", update(null, json([flexible])))).toMatchObject({
      added: [{ ...tuple, subject: null, expression }],
      before: null,
    });
  });

  test.each<[string, unknown, unknown, string]>([
    ["removed", json([item()]), "[]", "federated-credentials-changed"],
    ["not said", json([item()]), null, "ignored: credentials-not-said"],
    ["cut off", "[]", json([item()]).slice(0, -9), "dead letter: schema"],
    ["without an issuer", "[]", json([{ Name: "x" }]), "dead letter: schema"],
  ])("that are %s", (_, before, after, expected) => {
    expect(verdict(update(before, after))).toBe(expected);
  });
});

describe("one update that changes several things", () => {
  const record = (...changed: Raw[]) =>
    audit(
      { targetResources: [target("ServicePrincipal", servicePrincipalId, ...changed)] },
      "Update service principal",
    );
  const enabled = property("AccountEnabled", "[false]", "[true]");

  test("tells of each of them, under ids of their own", () => {
    const result = normalise(record(addedSecret, enabled), tenantId);
    if (result.outcome !== "event") throw new Error("not read");
    const events = [result.event, ...(result.more ?? [])];
    expect(events.map(({ type }) => type)).toEqual(["credentials-changed", "account-switched"]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  test("keeps what can be read beside what cannot", () => {
    const result = normalise(record(property("KeyDescription", "[]", "[cut"), enabled), tenantId);
    expect(result).toMatchObject({
      outcome: "event",
      event: { type: "account-switched", enabled: true },
      letters: [{ reason: "schema" }],
    });
  });

  test.each<[string, Raw, string]>([
    ["switched off", property("AccountEnabled", "[true]", "[false]"), "account-switched"],
    ["as before", property("AccountEnabled", "[true]", "true"), "ignored: nothing-changed"],
    ["neither true nor false", property("AccountEnabled", "[true]", "[]"), "dead letter: schema"],
  ])("a switch that is %s", (_, change, expected) => {
    expect(verdict(record(change))).toBe(expected);
  });
});

test.each([
  ["Add application", "Application", "created"],
  ["Restore application", "Application", "restored"],
  ["Hard Delete application", "Application", "deleted"],
  ["Add service principal", "ServicePrincipal", "created"],
  ["Remove service principal", "ServicePrincipal", "deleted"],
] as const)("%s is read with its appId", (operation, type, change) => {
  const record = audit(
    { targetResources: [target(type, applicationId, property("AppId", "[]", json([appId])))] },
    operation,
  );
  expect(eventOf("existence-changed", record)).toMatchObject({ change, objectId: applicationId, subject: { appId } });
});

test("what is deleted for good says so, and nothing else does", () => {
  const deleted = (operation: string, type: string) =>
    eventOf("existence-changed", audit({ targetResources: [target(type, applicationId)] }, operation)).hard;
  expect(deleted("Hard Delete application", "Application")).toBe(true);
  expect(deleted("Hard delete service principal", "ServicePrincipal")).toBe(true);
  expect(deleted("Delete application", "Application")).toBeUndefined();
});

test("credentials that an application was created with say so", () => {
  const created = eventOf(
    "credentials-changed",
    audit({}, "Create application – Certificates and secrets management "),
  );
  expect(created.atCreation).toBe(true);
  expect(eventOf("credentials-changed", audit()).atCreation).toBeUndefined();
});
