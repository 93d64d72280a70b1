/** Parts that several answers have in common: identities, findings, plans and how their stages stand. */
import { z } from "zod";
import { Severity } from "../domain/finding.ts";
import { VerificationState } from "../domain/outcome.ts";
import { StageName, StageStatus } from "../domain/plan.ts";
import { Caller, Instant } from "./fields.ts";

export const identityIds = {
  key: z.string().describe("what our rows lie under: `tenantId|appId`"),
  appId: z.string().nullable(),
  servicePrincipalId: z.string().nullable(),
  applicationObjectId: z.string().nullable(),
  claimedName: z.string().nullable().describe("as claimed: text of somebody else's choosing, which decides nothing"),
};

export const ShownIdentity = z.strictObject(identityIds);

export const ShownFinding = z.strictObject({
  id: z.string(),
  detection: z.string(),
  severity: Severity,
  title: z.string(),
  category: z.string().describe("the log it came from; `Manual`: a person's request"),
  recordId: z.string(),
  activityAt: Instant.describe("when it happened, as the record says"),
  receivedAt: Instant,
  actorId: z.string().nullable().describe("who did it, as the record claims"),
});

export const stageStanding = {
  stage: StageName,
  status: StageStatus,
  reasons: z.array(z.string()).describe("why it waits, was refused or ended; the guardrail first"),
  askedAt: Instant.nullable(),
  expiresAt: Instant.nullable(),
  decidedBy: Caller.nullable().describe("`rule`, or who approved"),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
};

const StageSummary = z.strictObject({ ...stageStanding, verification: VerificationState.nullable() });

export const planFields = {
  id: z.string(),
  hash: z.string().nullable().describe("of the signed plan, which an approval names; null: the plan was altered"),
  altered: z
    .boolean()
    .describe("the row is not what we signed: it will never run, and what is shown of it is somebody's claim"),
  playbook: z.string(),
  version: z.int(),
  createdAt: Instant,
  requestedBy: Caller,
  mode: z
    .enum(["observe", "approve"])
    .nullable()
    .describe("the most it may do; `observe`: a dry run; null: as policy says"),
};

export const ShownPlan = z.strictObject({ ...planFields, stages: z.array(StageSummary) });

export const RunSummary = z.strictObject({
  ...planFields,
  identity: ShownIdentity,
  incidentId: z.string(),
  stages: z.array(StageSummary),
});

export const Related = z.strictObject({
  identity: z.string(),
  incidentId: z.string(),
  status: z.enum(["open", "closed"]),
  why: z.array(z.string()),
});

export const Unreadable = z.strictObject({ identity: z.string(), row: z.string(), problem: z.string() });

/** A page of what can be read, and what somebody edited so that it cannot. */
export function pageOfRows<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().describe("null: this is the last page"),
    unreadable: z.array(Unreadable).describe("rows that somebody edited; those of no page are with the first one"),
  });
}
