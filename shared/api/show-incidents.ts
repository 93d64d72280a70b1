/** Reading what happens to identities. */
import { z } from "zod";
import { Severity } from "../domain/finding.ts";
import { StageName } from "../domain/plan.ts";
import { RetirementState } from "../domain/retirement.ts";
import { Caller, Id, IdentityId, Instant } from "./fields.ts";
import { PageQuery } from "./paging.ts";
import { defineRoute } from "./route.ts";
import { pageOfRows, Related, ShownFinding, ShownIdentity, ShownPlan } from "./shown.ts";

export const incidentFields = {
  id: z.string(),
  severity: Severity,
  status: z.enum(["open", "closed"]),
  contained: z.boolean().describe("a disable was done and verified, and nobody took it back since"),
  retirement: RetirementState.nullable().describe(
    "of an incident about disuse: how far retiring the identity has come; null: it is about none",
  ),
  openedAt: Instant,
  closedAt: Instant.nullable(),
  closedBecause: z.string().nullable(),
  waits: z.array(
    z.strictObject({
      planId: z.string(),
      playbook: z.string(),
      stage: StageName,
      since: Instant.nullable(),
      expiresAt: Instant.nullable(),
    }),
  ),
};

const about = {
  identity: ShownIdentity,
  topic: z
    .strictObject({ kind: z.string(), id: z.string() })
    .nullable()
    .describe("what it is about where that is no workload identity: a user, a group, a log; nothing is planned for it"),
};

const IncidentSummary = z.strictObject({ ...incidentFields, ...about, findings: z.int(), plans: z.int() });

const Unresolved = z.strictObject({
  objectId: z.string(),
  findings: z.array(ShownFinding),
  looksAt: Instant.describe("when Microsoft Graph is asked again; what stays unknown becomes a dead letter"),
});

export const listIncidents = defineRoute({
  id: "listIncidents",
  method: "GET",
  path: "/incidents",
  summary: "Incidents, newest first; those about users, groups and silent logs, too.",
  role: "Tourniquet.Reader",
  params: z.object({}),
  query: PageQuery.extend({
    status: z.enum(["open", "closed"]).optional(),
    severity: Severity.optional(),
    identity: IdentityId.optional(),
  }),
  body: null,
  answer: {
    status: 200,
    description: "one page",
    schema: pageOfRows(IncidentSummary).extend({
      unresolved: z
        .array(Unresolved)
        .describe("findings about object ids that nobody knows yet, in no incident so far; with the first page"),
    }),
  },
});

const IncidentDetail = z.strictObject({
  ...incidentFields,
  ...about,
  findings: z.array(ShownFinding).describe("in the order in which it happened"),
  plans: z.array(ShownPlan),
  related: z.array(Related),
  timeline: z
    .array(z.strictObject({ seq: z.int(), at: Instant, event: z.string(), by: Caller, message: z.string() }))
    .describe("the newest entries of the ledger, oldest first"),
  omitted: z.int().describe("so many older entries are in the evidence alone"),
  ledgerProblems: z
    .array(z.strictObject({ seq: z.int().nullable(), what: z.string(), message: z.string() }))
    .describe("empty: the ledger is whole and unchanged"),
  evidence: z.string().describe("path of the evidence pack"),
});

export const getIncident = defineRoute({
  id: "getIncident",
  method: "GET",
  path: "/incidents/{id}",
  summary: "One incident: its evidence, its plans, what happened, and what waits for a person.",
  role: "Tourniquet.Reader",
  params: z.object({ id: Id }),
  query: z.object({}),
  body: null,
  answer: { status: 200, description: "the incident", schema: IncidentDetail },
});
