/** What a person is asked to decide, in words and as requests. */
import { expect, it } from "vitest";
import { ApprovalCard } from "../../../../shared/domain/card.ts";
import { sayProposed } from "../../../../shared/engine/people/decisions/card.ts";
import { findPlan } from "../../../../shared/engine/people/find-plan.ts";
import { Harness, leaked } from "../../../support/harness.ts";
import { appId, servicePrincipalId } from "../../../support/harness-cast.ts";
import { policyWith } from "../../../support/harness-world.ts";

const step = { requests: [], count: 1, touches: [], unforeseen: null };

it("says once what follows from several steps, and how often each would change something", () => {
  const follows = "the host loses it; detach it there next";
  const said = sayProposed([
    { ...step, action: "remove-app-role-assignments", reason: `permissions; ${follows}`, count: 3 },
    { ...step, action: "remove-azure-roles", reason: `Azure roles; ${follows}` },
  ]);
  const steps = "remove-app-role-assignments ×3 (permissions), remove-azure-roles (Azure roles)";
  expect(said).toBe(`${steps}; the host loses it; detach it there next`);
});

it("says why it cannot be said what a step would send", () => {
  const proposed = [{ ...step, action: "remove-azure-roles", reason: "Azure roles", count: 0, unforeseen: "unread" }];
  expect(sayProposed(proposed)).toBe("remove-azure-roles (unread)");
});

it("goes with the question, with exactly what would be sent", async () => {
  const harness = await Harness.start(
    policyWith({ stages: { contain: "approve", eradicate: "approve", retire: "observe" } }),
  );
  await leaked(harness);
  const [asked] = harness.events("stage.awaiting-approval");
  expect(asked?.message).toMatch(/would disable-service-principal \(stops new tokens in this tenant\); asked because/);
  const path = `PATCH /v1.0/servicePrincipals/${servicePrincipalId} {"accountEnabled":false}`;
  expect(asked?.data.proposed).toMatchObject([{ action: "disable-service-principal", requests: [path] }]);
  const card = ApprovalCard.parse(asked?.data.card);
  expect(card).toMatchObject({
    planId: asked?.planId,
    stage: "contain",
    identity: { objectId: servicePrincipalId, appId, kind: "home-single-tenant" },
    stops: { users: 0, clientApplications: 0, delegatedGrants: 0 },
    evidence: [{ category: "ServicePrincipalRiskEvents" }],
    requests: [path],
    requestCount: 1,
    people: 1,
    approvedBy: [],
    expiresAt: asked?.data.expiresAt,
  });
  expect(Date.parse(card.stops.readAt ?? "")).toBeLessThan(harness.clock.now());
  const { stored } = await findPlan(harness.tables, card.planId);
  expect(card.planHash).toBe(stored.hash);
});
