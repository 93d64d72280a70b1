/** What people, or workloads, tell Identity Protection of service principals. */
import { expect, test } from "vitest";
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

const judged = (operation: string, targetResources: Raw[], more: Raw = {}) =>
  audit({ targetResources, loggedByService: "Identity Protection", category: "Other", ...more }, operation);
const principal = target("ServicePrincipal", servicePrincipalId);

test.each([
  ["confirmServicePrincipalCompromised", "confirmed"],
  ["ConfirmServicePrincipalCompromised", "confirmed"],
  ["DismissServicePrincipal", "dismissed"],
] as const)("%s is a judgement", (operation, judgement) => {
  expect(eventOf("risk-judged", judged(operation, [principal]))).toMatchObject({
    judgement,
    subject: { servicePrincipalId, appId: null },
    actor: { kind: "user" },
  });
});

test("of several at once is one each, whatever their order", () => {
  const targets = [principal, target("ServicePrincipal", applicationId)];
  const details = { additionalDetails: [{ key: "AppId", value: appId }] };
  const events = [targets, [...targets].reverse()].map((list) => {
    const result = normalise(judged("DismissServicePrincipal", list, details), tenantId);
    if (result.outcome !== "event") throw new Error("not read");
    return [result.event, ...(result.more ?? [])];
  });
  const ids = events.map((list) => list.map(({ id }) => id).sort());
  expect(new Set(ids[0]).size).toBe(2);
  expect(ids[1]).toEqual(ids[0]);
  expect(events[0]?.map(({ subject }) => subject.appId)).toEqual([null, null]);
});

test.each<[string, Raw]>([
  ["in a target without a type", judged("DismissServicePrincipal", [target(null, servicePrincipalId)])],
  ["in a target of a type of its own", judged("DismissServicePrincipal", [target("Other", servicePrincipalId)])],
  [
    "in a property of its target",
    judged("DismissServicePrincipal", [
      target("Other", "x", { displayName: "ServicePrincipalId", oldValue: null, newValue: `"${servicePrincipalId}"` }),
    ]),
  ],
  [
    "in the details",
    judged("DismissServicePrincipal", [], {
      additionalDetails: [{ key: "servicePrincipalId", value: servicePrincipalId }],
    }),
  ],
])("the service principal may stand %s", (_, record) => {
  const event = eventOf("risk-judged", record);
  expect(event.subject.servicePrincipalId).toBe(servicePrincipalId);
  expect(event).not.toHaveProperty("claimedId");
});

test("of nobody, or of a user, is none", () => {
  expect(verdict(judged("DismissServicePrincipal", []))).toBe("dead letter: no-victim");
  expect(verdict(judged("DismissServicePrincipal", [target("User", applicationId)]))).toBe("dead letter: no-victim");
  expect(verdict(judged("DismissServicePrincipal", [principal], { result: "failure" }))).toBe(
    "ignored: activity-failed",
  );
});
