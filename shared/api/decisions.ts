/** What people decide: a stage that waits, or one frozen list of what the blast radius holds back. */
import { z } from "zod";
import { StageName } from "../domain/plan.ts";
import { Caller, Id, Instant, Reason } from "./fields.ts";
import { PageQuery, pageOf } from "./paging.ts";
import { defineRoute } from "./route.ts";

const none = z.object({});
const params = z.object({ id: Id });

const body = z.object({
  stage: StageName.exclude(["undo"]),
  reason: Reason,
  planHash: Id.describe("`hash` of the run as you saw it: what you decide on is what runs, or nothing does"),
  seen: Id.optional().describe(
    "`seen` of the stage as you saw it: what would be sent since then besides is not approved unseen; say it",
  ),
});

const soFar = {
  people: z.int().describe("so many different people must approve"),
  approvedBy: z.array(Caller).describe("whose approvals hold, earliest first"),
  missing: z.int().describe("how many more must approve; 0: it runs, or it was denied"),
};

const Decided = z.strictObject({
  planId: Id,
  stage: StageName,
  decision: z.enum(["approve", "deny"]),
  by: Caller,
  at: Instant,
  expiresAt: Instant.describe("until then the decision counts"),
  alone: z
    .boolean()
    .describe("an administrator approved what they had asked for themselves; people were paged about it"),
  ...soFar,
});

const decision = {
  role: "Tourniquet.Approver",
  params,
  query: none,
  body,
  answer: { status: 200, description: "signed; the writer looks at it at once", schema: Decided },
  idempotent: true,
} as const;

export const approveRun = defineRoute({
  id: "approveRun",
  method: "POST",
  path: "/runs/{id}/approve",
  summary: "Approves a stage that waits; nobody approves what they asked for themselves.",
  ...decision,
});

export const denyRun = defineRoute({
  id: "denyRun",
  method: "POST",
  path: "/runs/{id}/deny",
  summary: "Denies a stage that waits: one denial ends the plan, whoever approved.",
  ...decision,
});

const groupFields = { id: Id.describe("a hash of the list"), madeAt: Instant };

export const listApprovalGroups = defineRoute({
  id: "listApprovalGroups",
  method: "GET",
  path: "/approval-groups",
  summary:
    "Lists of what the blast radius held back, each frozen when somebody looked; what waits now is frozen by this.",
  role: "Tourniquet.Reader",
  params: none,
  query: PageQuery,
  body: null,
  answer: {
    status: 200,
    description: "newest first",
    schema: pageOf(
      z.strictObject({
        ...groupFields,
        plans: z.int(),
        waits: z.boolean().describe("it is exactly what waits now"),
      }),
    ),
  },
});

export const getApprovalGroup = defineRoute({
  id: "getApprovalGroup",
  method: "GET",
  path: "/approval-groups/{id}",
  summary: "One frozen list: the very plans, and exactly what would be sent.",
  role: "Tourniquet.Reader",
  params,
  query: none,
  body: null,
  answer: {
    status: 200,
    description: "it never changes; approving it approves nothing that is not on it",
    schema: z.strictObject({
      ...groupFields,
      members: z.array(
        z.strictObject({
          identity: z.string(),
          planId: Id,
          stage: StageName,
          planHash: Id,
          playbook: z.string(),
          requests: z.array(z.string()),
        }),
      ),
    }),
  },
});

export const approveApprovalGroup = defineRoute({
  id: "approveApprovalGroup",
  method: "POST",
  path: "/approval-groups/{id}/approve",
  summary: "Approves every plan of the list that still is as it was frozen; doing it again does the rest.",
  role: "Tourniquet.Approver",
  params,
  query: none,
  body: z.object({ reason: Reason }),
  answer: {
    status: 200,
    description: "one signed approval for each plan",
    schema: z.strictObject({
      approved: z.array(Id),
      skipped: z.array(z.strictObject({ planId: Id, why: z.string() })),
      ...soFar,
    }),
  },
  idempotent: true,
});
