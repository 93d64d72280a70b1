/** What a person may stop: a plan that has not ended, what a plan did, and an incident that is none. */
import { z } from "zod";
import { StageName, StageStatus } from "../domain/plan.ts";
import { Caller, Id, Instant, Reason } from "./fields.ts";
import { defineRoute } from "./route.ts";

const params = z.object({ id: Id });
const query = z.object({});

export const cancelRun = defineRoute({
  id: "cancelRun",
  method: "POST",
  path: "/runs/{id}/cancel",
  summary: "Calls a plan off: what has not begun never will, and what runs ends before its next step.",
  role: "Tourniquet.Operator",
  params,
  query,
  body: z.object({ reason: Reason }),
  answer: {
    status: 200,
    description: "signed; what was done until then stays, is verified, and can be reverted",
    schema: z.object({
      planId: Id,
      by: Caller,
      at: Instant,
      stages: z
        .array(z.object({ stage: StageName, status: StageStatus }))
        .describe("those that will not run, or not go on, as they stood"),
    }),
  },
  idempotent: true,
});

export const revertRun = defineRoute({
  id: "revertRun",
  method: "POST",
  path: "/runs/{id}/revert",
  summary:
    "Takes back what a plan did, or one step of it, by its receipts; one person is enough, also while the kill switch is on.",
  role: "Tourniquet.Operator",
  params,
  query,
  body: z.object({
    reason: Reason,
    step: z
      .int()
      .min(0)
      .max(999)
      .optional()
      .describe(
        "`index` of the one step that is meant, as `GET /runs/{id}` says it; without it all that can be taken back",
      ),
    dryRun: z.boolean().default(false).describe("says what would be taken back, and signs nothing"),
  }),
  answer: {
    status: 200,
    description: "what is taken back and what never comes back; and the plan that does it",
    schema: z.object({
      planId: Id.nullable().describe("the undo's own plan, for `GET /runs/{id}`; null: a dry run"),
      takes: z
        .array(
          z.object({
            index: z.int(),
            action: z.string(),
            at: Instant.nullable(),
            requests: z.array(z.string()).describe("what was sent then"),
          }),
        )
        .describe("in the order in which they are taken back"),
      lost: z.array(z.string()).describe("what of them never comes back"),
      stays: z.array(z.string()).describe("what was done and cannot be taken back at all"),
      cancels: z.array(z.string()).describe("stages of the plan that will not run any more"),
    }),
  },
  idempotent: true,
});

export const dismissIncident = defineRoute({
  id: "dismissIncident",
  method: "POST",
  path: "/incidents/{id}/dismiss",
  summary:
    "Closes an incident, and nobody is asked about it any more; what was done stays done. New evidence opens the next.",
  role: "Tourniquet.Approver",
  params,
  query,
  body: z.object({ reason: Reason }),
  answer: {
    status: 200,
    description: "closed; with what stays of it, and how to take that back",
    schema: z.object({
      incidentId: Id,
      closedAt: Instant.nullable(),
      cancelled: z.array(z.object({ planId: Id, playbook: z.string(), stage: StageName })),
      stays: z
        .array(
          z.object({
            planId: Id,
            playbook: z.string(),
            steps: z.int().describe("how many of its changes can be taken back"),
            revert: z.string().describe("POST this with a reason to take them back"),
          }),
        )
        .describe("plans that changed something"),
    }),
  },
  idempotent: true,
});
