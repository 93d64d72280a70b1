/** Reading what was, is and would be done. */
import { z } from "zod";
import { ApprovalCard } from "../domain/card.ts";
import { Outcome, Verification } from "../domain/outcome.ts";
import { StageStatus } from "../domain/plan.ts";
import { Caller, Id, IdentityId, Instant } from "./fields.ts";
import { PageQuery } from "./paging.ts";
import { defineRoute } from "./route.ts";
import { pageOfRows, planFields, Related, RunSummary, ShownFinding, ShownIdentity, stageStanding } from "./shown.ts";

export const listRuns = defineRoute({
  id: "listRuns",
  method: "GET",
  path: "/runs",
  summary: "Plans and how their stages stand, newest first.",
  role: "Tourniquet.Reader",
  params: z.object({}),
  query: PageQuery.extend({
    status: StageStatus.optional().describe("plans of which any stage stands so; `waiting`: for a person"),
    identity: IdentityId.optional(),
    incident: Id.optional(),
    playbook: z.string().min(1).max(100).optional(),
  }),
  body: null,
  answer: { status: 200, description: "one page", schema: pageOfRows(RunSummary) },
});

const Step = z.strictObject({
  index: z.int().describe("over the whole plan, from 0"),
  action: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  need: z.enum(["required", "optional"]),
  why: z.string(),
  undoes: z.object({ planId: z.string(), index: z.int() }).nullable().describe("of an undo: the step it takes back"),
  intendedAt: Instant.nullable().describe("before its first request left"),
  requests: z.array(z.string()).describe("exactly what would be sent; where `outcome` says `applied`, what was"),
  touches: z.array(z.string()).describe("ids of what goes for good"),
  outcome: Outcome.nullable().describe("with the request ids of Microsoft Graph"),
  difference: z.strictObject({
    before: z.unknown().describe("how it was, as the receipt kept before the change says; null: nothing was kept"),
    after: z.array(z.string()).describe("what was sent to change it; empty: nothing was changed"),
    beforeAltered: z.boolean().describe("the receipt was edited behind our back: no undo follows it"),
  }),
  lost: z.array(z.string()).describe("what never comes back"),
  missing: z.array(z.string()).describe("of an undo: what had nowhere to return to"),
});

const Decision = z.strictObject({
  decision: z.enum(["approve", "deny"]).nullable().describe("null: what lies there was signed by nobody"),
  by: Caller.nullable(),
  at: Instant.nullable(),
  reason: z.string().nullable(),
  group: z.strictObject({ id: z.string(), members: z.int() }).nullable(),
  alone: z.boolean().describe("an administrator approved what they asked for themselves"),
  whyNot: z.string().nullable().describe("why it does not count; null: it does"),
});

const Stage = z.strictObject({
  ...stageStanding,
  attempts: z.int(),
  verification: Verification.nullable(),
  people: z.int().describe("so many different people must approve"),
  missing: z.int().describe("so many of them are missing, of a stage that waits"),
  decisions: z.array(Decision).describe("earliest first"),
  seen: z.string().nullable().describe("hash of the requests and of what goes for good: send it with an approval"),
  card: ApprovalCard.nullable().describe("what is shown to whoever decides, of a stage that waits"),
  steps: z.array(Step),
});

export const RunDetail = z.strictObject({
  ...planFields,
  identity: ShownIdentity,
  incidentId: z.string(),
  notBefore: Instant,
  reason: z.string().nullable().describe("of whoever asked; null: the evidence alone called for it"),
  findings: z.array(ShownFinding).describe("what is weighed for it, the gravest first"),
  stages: z.array(Stage),
  residualAccess: z
    .array(z.strictObject({ where: z.string(), until: Instant, why: z.string() }))
    .describe("what still works after what was done, at worst"),
  related: z.array(Related),
});

export const getRun = defineRoute({
  id: "getRun",
  method: "GET",
  path: "/runs/{id}",
  summary: "One plan: why, exactly what is sent, what came of it, who decided, and what still works.",
  role: "Tourniquet.Reader",
  params: z.object({ id: Id }),
  query: z.object({}),
  body: null,
  answer: { status: 200, description: "the plan", schema: RunDetail },
});
