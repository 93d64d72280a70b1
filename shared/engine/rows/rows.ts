/** The rows of one identity's partition: their keys, and their stored shapes. */
import { z } from "zod";
import { Finding } from "../../domain/finding.ts";
import { IdentityKind, IdentityRef } from "../../domain/identity.ts";
import { Mode } from "../../domain/mode.ts";
import { Outcome, Verification } from "../../domain/outcome.ts";
import { type StageName, StageStatus } from "../../domain/plan.ts";
import type { Notice } from "../../ports/outbox.ts";

export const rowKey = {
  identity: "identity",
  kind: "kind",
  /** what it can be used by and what it holds (`domain/footholds.ts`), as read last */
  footholds: "footholds",
  lock: "lock",
  /** how far its retirement has come (`domain/retirement.ts`) */
  retirement: "retirement",
  /** a signed word about retiring, in the tenant's `unused` partition */
  unusedWord: (appId: string) => `word|${appId}`,
  /** the same of somebody who says that they own it: it never takes the place of an operator's */
  ownersWord: (appId: string) => `owner|${appId}`,
  /** what Graph said of such a word, signed by the writer */
  checkedWord: (appId: string) => `checked|${appId}`,
  incident: (id: string) => `incident|${id}`,
  finding: (id: string) => `finding|${id}`,
  plan: (id: string) => `plan|${id}`,
  stage: (planId: string, stage: StageName) => `stage|${planId}|${stage}`,
  /** steps are numbered over the whole plan */
  step: (planId: string, index: number) => `step|${planId}|${String(index).padStart(3, "0")}`,
  approval: (planId: string, stage: StageName) => `approval|${planId}|${stage}`,
  start: (id: string) => `start|${id}`,
  cancellation: (planId: string) => `cancel|${planId}`,
  notice: (id: string) => `out|${id}`,
  /** what a notifier remembers of an incident's thread; `-`: of what has no incident */
  thread: (notifier: string, incidentId: string | null) => `thread|${notifier}|${incidentId ?? "-"}`,
} as const;

export const IdentityRecord = z.object({
  ref: IdentityRef,
  claimedName: z.string().nullable(),
  openIncidentId: z.string().nullable(),
  /** ISO 8601 UTC of the newest sign-in refused because the service principal is disabled */
  refusedSignInAt: z.string().nullable(),
});
export type IdentityRecord = z.infer<typeof IdentityRecord>;

/**
 * What Graph said the identity is. A row of its own, since the writer alone writes it: it learns the kind while findings are filed,
 * and neither should have to look again for the other.
 */
export const KindRow = z.object({
  kind: IdentityKind,
  managedIdentity: z.object({ userAssigned: z.boolean().nullable(), resourceId: z.string().nullable() }).nullable(),
  /** null: Graph shows no service principal */
  publisherVerified: z.boolean().nullable(),
  /** may what it holds take the tenant? null: not known. Besides, the policy may call it tier 0 */
  tierZero: z.boolean().nullable().default(null),
  /** ISO 8601 UTC */
  readAt: z.string(),
});
export type KindRow = z.infer<typeof KindRow>;

export const FindingRow = z.object({ incidentId: z.string().nullable(), finding: Finding });
export type FindingRow = z.infer<typeof FindingRow>;

/** A row that authorises: the text as signed, and the signature over exactly these bytes. */
export const SignedRow = z.object({ payload: z.string(), signature: z.string() });
export type SignedRow = z.infer<typeof SignedRow>;

/** What became of a person's wish, once the writer has looked. */
export const StartOutcome = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("planned"),
    identity: z.string(),
    incidentId: z.string(),
    planId: z.string(),
    at: z.string(),
  }),
  /** all that the playbook would do is done already, or a plan that waits is to do it */
  z.object({ state: z.literal("nothing-to-do"), identity: z.string(), at: z.string() }),
  z.object({ state: z.literal("refused"), why: z.string(), at: z.string() }),
]);
export type StartOutcome = z.infer<typeof StartOutcome>;

/** The wish as it was signed; with an outcome, which nobody signs, it is history and starts nothing any more. */
export const StartRow = SignedRow.extend({ outcome: StartOutcome.optional() });
export type StartRow = z.infer<typeof StartRow>;

export const StageRow = z.object({
  status: StageStatus,
  /** why it waits, was refused or ended: one sentence each, the guardrail's id first */
  reasons: z.array(z.string()),
  /** counted before work starts */
  attempts: z.number().int(),
  /** rechecks of what is not known yet; when they are used up, a person is asked */
  deferrals: z.number().int(),
  /** orderly retries of what Graph refused for now */
  retries: z.number().int(),
  /** how often people were reminded that it waits for them */
  reminders: z.number().int().default(0),
  /** people were told, once, that nobody has decided for long */
  escalated: z.boolean().default(false),
  /** so many different people must approve */
  people: z.number().int().default(1),
  askedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  mode: Mode.nullable(),
  /** `rule`, or who approved */
  decidedBy: z.string().nullable(),
  /** an administrator approved what they had asked for themselves */
  alone: z.boolean().default(false),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  verification: Verification.nullable(),
});
export type StageRow = z.infer<typeof StageRow>;

export const StepRow = z.object({
  /** written before the first request of the step leaves */
  intendedAt: z.string().nullable(),
  receipt: z.unknown(),
  /** over the receipt and its step; an undo follows no other */
  receiptSignature: z.string().optional(),
  outcome: Outcome.nullable(),
  /** ISO 8601 UTC at which it had ended, of a step that was taken back since */
  endedAt: z.string().nullable().optional(),
  /** exactly what would be, or was, sent: method, path and body, for people */
  requests: z.array(z.string()),
  /** ids of what goes for good, as shown to whoever approves */
  touches: z.array(z.string()),
  /** of an undo: what had nowhere to return to, one phrase each */
  missing: z.array(z.string()).optional(),
});
export type StepRow = z.infer<typeof StepRow>;

export const LockRow = z.object({ owner: z.string(), until: z.number(), turn: z.number().int() });
export type LockRow = z.infer<typeof LockRow>;

export const NoticeRow = z.object({
  notice: z.custom<Notice>((value) => typeof value === "object" && value !== null),
  published: z.boolean(),
  /** ids of the notifiers that took it; a row of before they were counted is told over each, at worst once more */
  notified: z.array(z.string()).catch([]),
});
export type NoticeRow = z.infer<typeof NoticeRow>;

export const ThreadRow = z.object({ state: z.unknown() });

export const newStage: StageRow = {
  status: "pending",
  reasons: [],
  attempts: 0,
  deferrals: 0,
  retries: 0,
  reminders: 0,
  escalated: false,
  people: 1,
  askedAt: null,
  expiresAt: null,
  mode: null,
  decidedBy: null,
  alone: false,
  startedAt: null,
  endedAt: null,
  verification: null,
};

export const newStep: StepRow = { intendedAt: null, receipt: null, outcome: null, requests: [], touches: [] };
