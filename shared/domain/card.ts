/** What a person is shown who has to decide: ids first, then what stops, the evidence, and exactly what would be sent. */

export interface ApprovalCard {
  readonly planId: string;
  readonly planHash: string;
  readonly stage: string;
  readonly playbook: string;
  readonly identity: {
    /** of the service principal, else of the application; null: Graph shows neither */
    readonly objectId: string | null;
    readonly appId: string | null;
    readonly kind: string;
    /** `appOwnerOrganizationId`; null: not known */
    readonly ownerTenantId: string | null;
    /** ISO 8601 UTC; null: not known */
    readonly createdAt: string | null;
    /** as claimed: attacker-chosen text, shown quoted and last */
    readonly claimedName: string | null;
  };
  /** what stops when it is disabled; null: not known */
  readonly stops: {
    readonly users: number | null;
    readonly clientApplications: number | null;
    readonly delegatedGrants: number | null;
    /** ISO 8601 UTC, and when that was read; null: not known */
    readonly lastUsedAt: string | null;
    readonly readAt: string | null;
  };
  readonly evidence: readonly {
    readonly detection: string;
    readonly title: string;
    readonly recordId: string;
    readonly at: string;
    readonly category: string;
  }[];
  /** exactly what would be sent; the first of them, and how many there are */
  readonly requests: readonly string[];
  readonly requestCount: number;
  /** why a person is asked: guardrail id first */
  readonly reasons: readonly string[];
  readonly people: number;
  readonly approvedBy: readonly string[];
  readonly expiresAt: string;
}
