/** Starting a playbook by hand, and what became of the wish. */
import { z } from "zod";
import { Caller, Id, IdentityId, Instant, Reason } from "./fields.ts";
import { defineRoute } from "./route.ts";

const Parameters = z
  .record(z.string(), z.unknown())
  .describe("what the playbook takes, as `GET /playbooks` describes it; most take nothing");

const AskedMode = z
  .enum(["observe", "approve"])
  .describe("the most it may do. `approve`: somebody else approves each stage; `observe`: a dry run");

export const startRun = defineRoute({
  id: "startRun",
  method: "POST",
  path: "/identities/{id}/runs",
  summary:
    "Asks for a playbook on an identity; the writer looks who that is, makes a plan, and somebody else approves it.",
  role: "Tourniquet.Operator",
  params: z.object({ id: IdentityId }),
  query: z.object({}),
  body: z.object({
    playbook: z.string().min(1).max(100),
    parameters: Parameters.default({}),
    reason: Reason,
    mode: AskedMode.default("approve"),
    dryRun: z
      .boolean()
      .default(false)
      .describe(
        "the same as mode `observe`: reads as a run does, says exactly what it would send, writes nothing, ends",
      ),
  }),
  answer: {
    status: 202,
    description: "signed; `Location` says what becomes of it, and then the plan's id",
    schema: z.object({ requestId: Id, playbook: z.string(), mode: AskedMode, by: Caller, at: Instant }),
  },
  idempotent: true,
  location: true,
});

export const getRequest = defineRoute({
  id: "getRequest",
  method: "GET",
  path: "/requests/{id}",
  summary: "What became of a wish to start a playbook.",
  role: "Tourniquet.Reader",
  params: z.object({ id: Id }),
  query: z.object({}),
  body: null,
  answer: {
    status: 200,
    description: "the wish as it was signed, and what the writer made of it",
    schema: z.object({
      requestId: Id,
      playbook: z.string(),
      parameters: Parameters,
      mode: AskedMode,
      by: Caller,
      reason: z.string(),
      at: Instant,
      expiresAt: Instant.describe("a wish that nobody could act on until then is void"),
      state: z
        .enum(["waiting", "planned", "nothing-to-do", "refused"])
        .describe(
          "`waiting`: the writer has not looked yet; `nothing-to-do`: it is done already, or another plan is to do it",
        ),
      why: z.string().nullable().describe("of a refusal, and how to mend it"),
      planId: Id.nullable().describe("for `GET /runs/{id}`"),
      incidentId: Id.nullable(),
      settledAt: Instant.nullable(),
    }),
  },
});
