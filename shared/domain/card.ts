/** What a person is shown who has to decide: ids first, then what stops, the evidence, and exactly what would be sent. */
import { z } from "zod";

const count = z.int().nonnegative();

export const ApprovalCard = z.object({
  planId: z.string(),
  planHash: z.string(),
  stage: z.string(),
  playbook: z.string(),
  identity: z.object({
    /** of the service principal, else of the application; null: Graph shows neither */
    objectId: z.string().nullable(),
    appId: z.string().nullable(),
    kind: z.string(),
    /** `appOwnerOrganizationId`; null: not known */
    ownerTenantId: z.string().nullable(),
    /** ISO 8601 UTC; null: not known */
    createdAt: z.string().nullable(),
    /** as claimed: attacker-chosen text, shown quoted and last */
    claimedName: z.string().nullable(),
  }),
  /** what stops when it is disabled; null: not known */
  stops: z.object({
    users: count.nullable(),
    clientApplications: count.nullable(),
    delegatedGrants: count.nullable(),
    /** ISO 8601 UTC, and when that was read; null: not known */
    lastUsedAt: z.string().nullable(),
    readAt: z.string().nullable(),
  }),
  evidence: z.array(
    z.object({ detection: z.string(), title: z.string(), recordId: z.string(), at: z.string(), category: z.string() }),
  ),
  /** exactly what would be sent; the first of them, and how many there are */
  requests: z.array(z.string()),
  requestCount: count,
  /** why a person is asked: guardrail id first */
  reasons: z.array(z.string()),
  people: z.int().positive(),
  approvedBy: z.array(z.string()),
  expiresAt: z.string(),
  /** what happens then, in the policy's word: `expire`, `keep-asking`, `contain` */
  onSilence: z.string(),
});
export type ApprovalCard = z.infer<typeof ApprovalCard>;
