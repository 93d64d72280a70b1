/**
 * What a person signed: a decision on one stage of one plan, or the wish to take our own containment back. Strict, because all are
 * signed with one key: whoever edits the tables must not be able to pass an approval off as an undo.
 */
import { z } from "zod";
import { Guid } from "./identity.ts";
import { StageName } from "./plan.ts";

export const Approval = z.strictObject({
  planId: z.string(),
  stage: StageName,
  /** hash of the plan's signed text: what was approved is what runs */
  planHash: z.string(),
  decision: z.enum(["approve", "deny"]),
  by: z.string().min(1),
  reason: z.string(),
  /** what the person was shown to go for good, as `step:id`; anything else asks again */
  touches: z.array(z.string()),
  at: z.string(),
  expiresAt: z.string(),
});
export type Approval = z.infer<typeof Approval>;

export const UndoRequest = z.strictObject({
  planId: z.string(),
  planHash: z.string(),
  by: z.string().min(1),
  reason: z.string(),
  at: z.string(),
});
export type UndoRequest = z.infer<typeof UndoRequest>;

/** Stops every write but the undo of our own containment, until it expires. */
export const KillSwitch = z.strictObject({
  tenantId: Guid,
  by: z.string().min(1),
  reason: z.string(),
  at: z.string(),
  until: z.string(),
});
export type KillSwitch = z.infer<typeof KillSwitch>;
