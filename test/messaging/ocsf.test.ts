/** What a SIEM gets: valid OCSF for any notice, and the right class for ours. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toOcsf, withoutData } from "../../shared/messaging/ocsf.ts";
import type { Notice } from "../../shared/ports/outbox.ts";
import { AnyNotice, notice } from "./notices.ts";
import { ocsfProblems, ocsfSchema } from "./ocsf-schema.ts";

const loggedAt = Date.parse("2026-01-02T03:04:06Z");

function eventOf(more: Partial<Notice>) {
  return toOcsf({ ...notice, ...more }, loggedAt) as Record<string, unknown>;
}

describe.skipIf(ocsfSchema === null)(
  "any notice (skipped where the OCSF schema is not at hand: TOURNIQUET_OCSF)",
  () => {
    it("becomes an event that the schema accepts, whole or shrunk", () => {
      fc.assert(
        fc.property(AnyNotice, (any) => {
          const event = toOcsf(any, loggedAt);
          expect(ocsfProblems(JSON.parse(JSON.stringify(event)))).toEqual([]);
          expect(ocsfProblems(JSON.parse(JSON.stringify(withoutData(event))))).toEqual([]);
        }),
        { numRuns: 300 },
      );
    });

    it("names the version of the schema it was written for", () => {
      expect(eventOf({}).metadata).toMatchObject({ version: ocsfSchema?.version });
    });

    it("would not pass if it were wrong", () => {
      const event = eventOf({});
      expect(ocsfProblems({ ...event, type_uid: 1, command_uid: undefined, severity_id: 7, extra: 1 })).toEqual([
        "type_uid",
        "command_uid is missing",
        "severity_id has no value 7",
        "command_uid is no string",
        "extra is no attribute",
      ]);
    });
  },
);

describe("a notice", () => {
  it("about a finding is a new detection finding with its title and detection", () => {
    const data = { findingId: "f-1", title: "Leaked credentials", detection: "service-principal-risk-detected" };
    expect(eventOf({ event: "finding.created", data })).toMatchObject({
      class_uid: 2004,
      type_uid: 200401,
      status_id: 1,
      severity_id: 4,
      time: Date.parse(notice.at),
      finding_info: { uid: "f-1", title: "Leaked credentials", types: ["service-principal-risk-detected"] },
    });
  });

  it.each([
    [{ action: "disable-service-principal", status: "applied" }, 1, 1],
    [{ action: "remove-key-credentials", status: "already-in-place" }, 2, 1],
    [{ action: "remove-password-credentials", status: "failed" }, 2, 2],
    [{ action: "disable-service-principal", status: "reverted" }, 3, 1],
    [{ action: "disable-service-principal", status: "awaiting-approval" }, 1, 99],
    [{ action: "confirm-compromised", status: "skipped" }, 99, 99],
    [{ stage: "eradicate", status: "blocked" }, 2, 99],
  ])("about a step with %j is a remediation activity %i with status %i", (data, activity, status) => {
    expect(eventOf({ data })).toMatchObject({
      class_uid: 7001,
      activity_id: activity,
      type_uid: 700100 + activity,
      status_id: status,
      status_code: data.status,
    });
  });

  it.each([
    ["identity.contained", 7001, 1],
    ["stage.contradicted", 7001, 2],
    ["stage.awaiting-approval", 7001, 99],
    ["incident.opened", 2005, 1],
    ["incident.closed", 2005, 5],
    ["ledger.sealed", 2005, 99],
    ["stuck", 2005, 2],
    ["stage.escalated", 7001, 99],
    ["ledger.sealed", 2005, 99],
    ["decision.given", 2005, 2],
  ])("%s is of class %i with status %i", (event, class_uid, status_id) => {
    expect(eventOf({ event, data: {} })).toMatchObject({ class_uid, status_id });
  });

  it.each(["stuck", "settings.changed"])(
    "%s about nothing we know an incident of is a detection finding that alerts nobody by itself",
    (event) => {
      const told = eventOf({ event, incidentId: null, urgency: "digest" });
      expect(told).toMatchObject({ class_uid: 2004, activity_id: 99, is_alert: false });
    },
  );

  it("carries ids to correlate by, and its own facts", () => {
    expect(eventOf({})).toMatchObject({
      metadata: { uid: "n-1", event_code: "step.finished", correlation_uid: "i-1", tenant_uid: notice.tenantId },
      command_uid: "p-1",
      unmapped: { identity: notice.identity, incidentId: "i-1", planId: "p-1", data: notice.data },
    });
    expect(eventOf({}).observables).toContainEqual(
      expect.objectContaining({ value: notice.identity.servicePrincipalId, type_id: 99 }),
    );
  });
});
