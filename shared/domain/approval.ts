/**
 * What a person signed: a decision on one stage of one plan, a wish, a switch. Strict, because all are signed with one key:
 * whoever edits the tables must not be able to pass one off as another.
 */
import { z } from "zod";
import { objectIdIn, Role } from "./caller.ts";
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
  /** the frozen list it was given with, and how many plans are on that; null: given for this plan alone */
  group: z.strictObject({ id: z.string(), members: z.number().int() }).nullable().default(null),
  /** an administrator approved what they asked for themselves, as policy allows at night: flagged wherever it is shown */
  alone: z.boolean().default(false),
});
export type Approval = z.infer<typeof Approval>;

/** The same person, however written: approvals of two people are of different ones. */
export function samePerson(a: string, b: string): boolean {
  return personKey(a) === personKey(b);
}

/** By the object id where it is said; a name may change or be written otherwise. */
export function personKey(person: string): string {
  return objectIdIn(person) ?? person.normalize("NFKC").trim().toLowerCase();
}

/** A person called a plan off: no stage of it that has not begun will run. */
export const Cancellation = z.strictObject({
  planId: z.string(),
  planHash: z.string(),
  by: z.string().min(1),
  reason: z.string(),
  at: z.string(),
});
export type Cancellation = z.infer<typeof Cancellation>;

/** What people protected at run time; it adds to the policy file. */
export const ProtectionList = z.strictObject({
  tenantId: Guid,
  /** one more each time it is written, so that an earlier one that somebody puts back is known for what it is */
  serial: z.int().nonnegative().default(0),
  entries: z.array(
    z.strictObject({
      id: Guid,
      how: z.enum(["never", "ask"]),
      by: z.string().min(1),
      reason: z.string(),
      at: z.string(),
    }),
  ),
});
export type ProtectionList = z.infer<typeof ProtectionList>;

/** The wish to have a playbook run for an identity: its plan waits for somebody else. */
export const StartRequest = z.strictObject({
  tenantId: Guid,
  /** by appId, or by an object id whose meaning is not known yet */
  identity: z.strictObject({ appId: Guid.nullable(), objectId: Guid.nullable() }),
  playbook: z.string().min(1),
  /** of the playbook's own schema */
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** the most its plan may do; `observe`: a dry run, which says what would be sent and ends */
  mode: z.enum(["observe", "approve"]).default("approve"),
  by: z.string().min(1),
  /** roles the person held; an identity of tier 0 is for administrators */
  roles: z.array(Role).default([]),
  reason: z.string(),
  at: z.string(),
  /** a request that nobody could act on until then is void */
  expiresAt: z.string(),
});
export type StartRequest = z.infer<typeof StartRequest>;
