/** What is switched off, deleted, created or dismissed: on the right object, and taken back only while it is still ours. */
import { describe, expect, test } from "vitest";
import * as actions from "../../shared/actions/index.ts";
import {
  azureIdentityId,
  type Directory,
  directory,
  ids,
  objectOf,
  sent,
  snapshotOf,
  withObject,
} from "./directory.ts";

const { createDisabledServicePrincipal, deactivateApplication, deleteApplication, disableAgent, dismissRisk } = actions;
const { confirmAgentCompromised, enableServicePrincipal } = actions;
const removeFederated = actions.removeManagedIdentityFederatedCredentials;

function enabled(accountEnabled: boolean | null): Directory {
  const found = objectOf(directory(), "servicePrincipal");
  return withObject(directory(), "servicePrincipal", found === null ? null : { ...found, accountEnabled });
}

describe("a switch", () => {
  test("of an agent is turned by its type, of a blueprint by its principal", () => {
    const path = (kind: "agent" | "agent-blueprint") =>
      disableAgent.requests({}, snapshotOf(enabled(true), kind))[0]?.path;
    expect(path("agent")).toBe(`/servicePrincipals/${ids.servicePrincipalId}/microsoft.graph.agentIdentity`);
    expect(path("agent-blueprint")).toBe(`/servicePrincipals/${ids.servicePrincipalId}`);
  });

  test.each([
    ["disable-agent", disableAgent, { servicePrincipalId: ids.servicePrincipalId, wasEnabled: true }, enabled(true)],
    [
      "enable",
      enableServicePrincipal,
      { servicePrincipalId: ids.servicePrincipalId, wasDisabled: true },
      enabled(false),
    ],
    ["deactivate", deactivateApplication, { applicationId: ids.applicationObjectId, wasActive: true }, directory()],
  ] as const)("that somebody turned back meanwhile is left alone: %s", (_, action, receipt, asBefore) => {
    const { revert } = action as { revert?: (receipt: unknown, snapshot: unknown) => unknown };
    expect(revert?.(receipt, snapshotOf(asBefore, "agent"))).toEqual({ requests: [] });
    const gone = { ...directory(), servicePrincipals: [], applications: [] };
    expect(revert?.(receipt, snapshotOf(gone, "agent"))).toHaveProperty("conflict");
  });

  test("that was turned before us stays turned when we take ours back", () => {
    const receipt = { applicationId: ids.applicationObjectId, wasActive: false };
    const [application] = directory().applications;
    const off = {
      ...directory(),
      applications: application === undefined ? [] : [{ ...application, isDisabled: true }],
    };
    expect(deactivateApplication.revert?.(receipt, snapshotOf(off))).toEqual({ requests: [] });
  });
});

describe("a deleted application", () => {
  const receipt = deleteApplication.keep({}, snapshotOf(directory()));
  const gone = sent(directory(), deleteApplication.requests({}, snapshotOf(directory())));

  test("takes its service principal along, and both are restored, the application first", () => {
    expect([gone.applications, gone.servicePrincipals]).toEqual([[], []]);
    expect(deleteApplication.revert?.(receipt, snapshotOf(gone))).toMatchObject({
      requests: [
        { path: `/directory/deletedItems/${ids.applicationObjectId}/restore` },
        { path: `/directory/deletedItems/${ids.servicePrincipalId}/restore` },
      ],
    });
  });

  test("that was purged is a conflict, whatever else is left", () => {
    const deletedItems = gone.deletedItems.filter(({ id }) => id !== ids.applicationObjectId);
    expect(deleteApplication.revert?.(receipt, snapshotOf({ ...gone, deletedItems }))).toHaveProperty("conflict");
  });
});

describe("a service principal that is created disabled", () => {
  const parameters = { appId: ids.appId };
  const none = { ...directory(), servicePrincipals: [] };

  test("is no way to disable one that is there, and is made for the plan's own application only", () => {
    const requests = createDisabledServicePrincipal.requests;
    expect(() => requests(parameters, snapshotOf(enabled(true)))).toThrow(/disable it instead/);
    expect(() => requests({ appId: ids.stranger }, snapshotOf(none))).toThrow(/not the application/);
  });

  test("is deleted again only while it is as we made it", () => {
    const made = sent(none, createDisabledServicePrincipal.requests(parameters, snapshotOf(none)));
    const revert = (held: Directory) => createDisabledServicePrincipal.revert?.(parameters, snapshotOf(held));
    expect(revert(made)).toMatchObject({ requests: [{ method: "DELETE" }] });
    expect(revert(none)).toEqual({ requests: [] });
    expect(revert(enabled(true))).toHaveProperty("conflict");
    expect(revert(enabled(false))).toHaveProperty("conflict");
  });
});

describe("risk", () => {
  test.each([
    ["atRisk", false],
    ["confirmedCompromised", false],
    ["unknownFutureValue", false],
    ["dismissed", true],
    ["none", true],
  ])("in the state %s is dismissed already: %s", (riskState, isInPlace) => {
    const risky = [{ id: ids.servicePrincipalId, riskState, riskLevel: "high" }];
    expect(dismissRisk.isInPlace({}, snapshotOf({ ...directory(), risky }))).toBe(isInPlace);
  });

  test("of an agent is confirmed on beta, by the agents' own list of ids", () => {
    const [request] = confirmAgentCompromised.requests({}, snapshotOf(directory(), "agent"));
    expect(request).toMatchObject({ version: "beta", body: { agentIds: [ids.servicePrincipalId] } });
  });
});

describe("federated credentials of a managed identity", () => {
  const all = { credentials: "all" as const };
  const properties = { issuer: "https://attacker.example", subject: "x", audiences: ["api://x"] };
  const held: Directory = {
    ...directory(),
    azureIdentities: [{ id: azureIdentityId, properties: { principalId: ids.servicePrincipalId } }],
    azureFederatedCredentials: [{ id: `${azureIdentityId}/federatedIdentityCredentials/a`, name: "a", properties }],
  };
  const snapshot = snapshotOf(held, "managed-identity");

  test("are none of a system-assigned one, and unknown where Graph does not say which it is", () => {
    const facts = { userAssigned: false, resourceId: "/subscriptions/s/resourceGroups/r/providers/x/vm" };
    const system = { ...snapshot, managedIdentity: facts };
    expect([removeFederated.reads(all, system), removeFederated.isInPlace(all, system)]).toEqual([[], true]);
    for (const managedIdentity of [null, { ...facts, userAssigned: null }, { ...facts, userAssigned: true }]) {
      const unknown = { ...snapshot, managedIdentity };
      expect(removeFederated.reads(all, unknown)).toEqual([]);
      expect(() => removeFederated.isInPlace(all, unknown)).toThrow(/does not name/);
    }
  });

  test("stay when the resource belongs to another identity by now", () => {
    const other = { ...held, azureIdentities: [{ id: azureIdentityId, properties: { principalId: ids.stranger } }] };
    expect(removeFederated.requests(all, snapshotOf(other, "managed-identity"))).toEqual([]);
    const receipt = removeFederated.keep(all, snapshot);
    expect(removeFederated.revert?.(receipt, snapshotOf(other, "managed-identity"))).toHaveProperty("conflict");
  });

  test("are not put over one that took the name since", () => {
    const [credential] = held.azureFederatedCredentials;
    if (credential === undefined) throw new Error("there is one");
    const receipt = removeFederated.keep(all, snapshot);
    const taken = { ...credential, properties: { ...properties, subject: "another" } };
    const now = snapshotOf({ ...held, azureFederatedCredentials: [taken] }, "managed-identity");
    expect(removeFederated.revert?.(receipt, now)).toHaveProperty("conflict");
  });
});
