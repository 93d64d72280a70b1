/** The contract of a playbook: from a finding to the steps it calls for; pure. */
import type { Finding } from "../domain/finding.ts";
import type { IdentityKind } from "../domain/identity.ts";
import type { PlannedStep } from "../domain/plan.ts";

/** What is known of the identity when a plan is made; ingest calls no Graph, so often nothing is. */
export interface Inventory {
  readonly kind: IdentityKind | null;
}

export interface Playbook {
  /** the file's name */
  readonly id: string;
  readonly version: number;
  /** one sentence */
  readonly summary: string;
  /** detection ids */
  readonly handles: readonly string[];
  /** minutes after the evidence before anything starts, by the policy's name for it; null: at once */
  readonly settle: "addedCredentialMinutes" | null;
  /** No steps: this finding calls for nothing here, and `whyNot` says why. */
  plan(finding: Finding, inventory: Inventory): readonly PlannedStep[];
  whyNot?(finding: Finding): string | null;
}
