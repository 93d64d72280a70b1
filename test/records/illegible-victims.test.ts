/** Records that name whom they are about by something that cannot be read: what happened is told, and nobody is guessed. */
import { describe, expect, test } from "vitest";
import { IdentityEvent } from "../../shared/domain/event.ts";
import { normalise } from "../../shared/records/index.ts";
import {
  addedSecret,
  appId,
  applicationId,
  audit,
  envelope,
  eventOf,
  type Raw,
  riskEvent,
  risky,
  target,
  tenantId,
  verdict,
} from "./build.ts";

const masked = "8d8d96a4-edb4-495c-xxxx-6e72c7e21084";
const nobody = { tenantId, appId: null, servicePrincipalId: null, applicationObjectId: null };
const said = (displayName: string, value: unknown) => ({
  displayName,
  oldValue: null,
  newValue: JSON.stringify(value),
});
const changed = (displayName: string, oldValue: unknown, newValue: unknown) => ({
  displayName,
  oldValue: JSON.stringify(oldValue),
  newValue: JSON.stringify(newValue),
});

const onMasked = (operation: string, type: string, ...properties: Raw[]) =>
  audit({ targetResources: [target(type, masked, ...properties)] }, operation);
const grant = (...properties: Raw[]) =>
  audit(
    {
      targetResources: [
        target("ServicePrincipal", applicationId, said("ServicePrincipal.ObjectID", masked), ...properties),
      ],
    },
    "Add app role assignment to service principal",
  );
const agent = { displayName: "agent", riskState: "atRisk", riskEventType: "signInSpike" };

test.each<[IdentityEvent["type"], Raw]>([
  ["credentials-changed", audit({ targetResources: [target("Application", masked, addedSecret)] })],
  [
    "federated-credentials-changed",
    onMasked(
      "Update application",
      "Application",
      changed("FederatedIdentityCredentials", [], [{ Issuer: "https://x", Subject: "y", Audiences: [] }]),
    ),
  ],
  ["app-role-granted", grant(said("AppRole.Value", "Mail.Read"))],
  ["consented", onMasked("Consent to application", "ServicePrincipal")],
  ["directory-role-assigned", onMasked("Add member to role", "ServicePrincipal")],
  ["existence-changed", onMasked("Delete application", "Application")],
  [
    "account-switched",
    onMasked("Update service principal", "ServicePrincipal", changed("AccountEnabled", [false], [true])),
  ],
  ["renamed", onMasked("Update application", "Application", changed("DisplayName", ["a"], ["b"]))],
  ["risk-judged", onMasked("DismissServicePrincipal", "ServicePrincipal")],
  ["risky-service-principal-updated", risky({ id: masked, appId: "xxxx" })],
  ["risk-detected", riskEvent({ servicePrincipalId: masked, appId: "grg" })],
  ["risky-service-principal-updated", envelope("RiskyAgents", { ...agent, id: masked })],
  ["risk-detected", envelope("AgentRiskEvents", { ...agent, identityId: masked })],
])("%s is told of nobody, with what stands in the id's place", (type, record) => {
  const event = eventOf(type, record);
  expect(event).toMatchObject({ subject: nobody, claimedId: masked });
  expect(IdentityEvent.parse(event)).toEqual(event);
});

describe("an illegible id", () => {
  test("leaves the object unnamed, and what happened to it as it is", () => {
    const event = eventOf(
      "credentials-changed",
      audit({ targetResources: [target("Application", masked, addedSecret)] }),
    );
    expect(event).toMatchObject({ objectId: null, before: 1, claimedName: "Contoso" });
    expect(event.added).toHaveLength(1);
  });

  test("does not hide an appId beside it that can be read", () => {
    const additionalDetails = [{ key: "AppId", value: appId }];
    const record = audit({ additionalDetails, targetResources: [target("Application", masked, addedSecret)] });
    expect(eventOf("credentials-changed", record)).toMatchObject({ subject: { ...nobody, appId }, claimedId: masked });
    expect(eventOf("risky-service-principal-updated", risky({ id: 7 }))).toMatchObject({
      subject: { ...nobody, appId },
      claimedId: "7",
    });
    expect(eventOf("risk-detected", riskEvent({ servicePrincipalId: masked })).subject).toEqual({ ...nobody, appId });
  });

  test("is cut where it is long, and not there where nothing is", () => {
    const huge = audit({ targetResources: [target("Application", "x".repeat(10_000), addedSecret)] });
    expect(eventOf("credentials-changed", huge).claimedId).toHaveLength(256);
    const missing = eventOf(
      "credentials-changed",
      audit({ targetResources: [target("Application", null, addedSecret)] }),
    );
    expect(missing.subject).toEqual(nobody);
    expect(missing).not.toHaveProperty("claimedId");
  });

  test("is told apart from another one, and the same when it comes again", () => {
    const id = (claimed: string) => eventOf("risky-service-principal-updated", risky({ id: claimed, appId: null })).id;
    expect(id("xx-1")).toBe(id("xx-1"));
    expect(id("xx-1")).not.toBe(id("xx-2"));
  });

  test("of a consent takes in every grant, since none can be told to be another client's", () => {
    const entry = `[[Id: x, ClientId: ${masked}, PrincipalId: , ResourceId: ${applicationId}, ConsentType: AllPrincipals, Scope: Mail.Read]]`;
    const record = onMasked(
      "Consent to application",
      "ServicePrincipal",
      said("ConsentAction.Permissions", `[] => ${entry}; `),
    );
    expect(eventOf("consented", record).grants).toEqual([
      { resourceId: applicationId, principalId: null, consentType: "AllPrincipals", scopes: ["Mail.Read"] },
    ]);
  });
});

test.each<[string, Raw]>([
  ["there are no targets", audit({ targetResources: [] })],
  [
    "neither id nor name is there",
    audit({ targetResources: [{ type: "Application", modifiedProperties: [addedSecret] }] }),
  ],
  ["several may be meant", audit({ targetResources: [1, 2].map(() => target("Application", masked, addedSecret)) })],
])("nothing is told where %s", (_, record) => {
  expect(verdict(record)).toBe("dead letter: no-victim");
});

test("one record tells of the same illegible victim in each of its events", () => {
  const result = normalise(
    onMasked("Update application", "Application", addedSecret, changed("DisplayName", ["a"], ["b"])),
    tenantId,
  );
  if (result.outcome !== "event") throw new Error("not read");
  const events = [result.event, ...(result.more ?? [])];
  expect(events.map(({ claimedId }) => claimedId)).toEqual([masked, masked]);
});
