/** Arbitrary notices, and one to start from. */
import fc from "fast-check";
import type { Notice } from "../../shared/ports/outbox.ts";

export const notice: Notice = {
  id: "n-1",
  tenantId: "aaaaaaaa-0000-4000-8000-000000000001",
  at: "2026-01-02T03:04:05.678Z",
  event: "step.finished",
  urgency: "chat",
  severity: "high",
  message: "Service principal aaaaaaaa-0000-4000-8000-000000000002 was disabled",
  identity: {
    key: "aaaaaaaa-0000-4000-8000-000000000001|aaaaaaaa-0000-4000-8000-000000000003",
    appId: "aaaaaaaa-0000-4000-8000-000000000003",
    servicePrincipalId: "aaaaaaaa-0000-4000-8000-000000000002",
  },
  incidentId: "i-1",
  planId: "p-1",
  data: { action: "disable-service-principal", stage: "contain", status: "applied", reason: "It was compromised." },
};

const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const events = [
  "finding.created",
  "finding.unresolved",
  "finding.dismissed",
  "stage.awaiting-approval",
  "stage.contradicted",
  "stage.undone",
  "step.finished",
  "identity.contained",
  "incident.opened",
  "incident.closed",
  "ledger.sealed",
  "stuck",
  "stage.escalated",
  "settings.changed",
  "ledger.sealed",
  "decision.given",
  "unused.told",
  "unused.sign-of-life",
  "unused.back-in-use",
  "unused.kept",
  "unused.gone",
  "unused.summary",
];

const facts = fc.dictionary(
  fc.constantFrom(
    "action",
    "stage",
    "status",
    "reason",
    "title",
    "detection",
    "findingId",
    "findingIds",
    "stepId",
    "x",
  ),
  fc.oneof(
    fc.string(),
    fc.constantFrom("contain", "eradicate", "applied", "failed", "remove-password-credentials", "confirm-compromised"),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.integer(),
    fc.constant(null),
  ),
);

const whole: fc.Arbitrary<Notice> = fc.record({
  id: fc.string(),
  tenantId: fc.uuid(),
  at: fc.oneof(
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") }).map((at) => at.toISOString()),
    fc.string(),
  ),
  event: fc.oneof(fc.constantFrom(...events), fc.string()),
  urgency: fc.constantFrom("page", "chat", "digest"),
  severity: fc.constantFrom("informational", "low", "medium", "high", "critical"),
  message: fc.string({ unit: "binary" }),
  identity: fc.record({ key: fc.string(), appId: nullable(fc.uuid()), servicePrincipalId: nullable(fc.uuid()) }),
  incidentId: nullable(fc.string()),
  planId: nullable(fc.string()),
  data: facts,
});

/** Some are for people besides; whoever edits a row may write anything for their ids. */
export const AnyNotice: fc.Arbitrary<Notice> = fc
  .tuple(whole, fc.option(fc.array(fc.oneof(fc.uuid(), fc.string({ unit: "binary" })), { maxLength: 30 })))
  .map(([notice, recipients]) => (recipients === null ? notice : { ...notice, recipients }));
