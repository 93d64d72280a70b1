/** The contract of a playbook: from a finding to the steps it calls for; pure. */
import type { Finding } from "../domain/finding.ts";
import type { IdentityKind } from "../domain/identity.ts";
import type { PlannedStep } from "../domain/plan.ts";

/** What is known of the identity when a plan is made; ingest calls no Graph, so often nothing is. */
export interface Inventory {
  /** null: nobody has looked yet */
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
  /** Only for these kinds, and only once the kind is known; without it for every kind, known or not. */
  readonly kinds?: readonly IdentityKind[];
  /** May a person start it for an identity, without a finding of a detection? Then `plan` takes a finding about `manual`. */
  readonly manual: boolean;
  /** minutes after the evidence before anything starts, by the policy's name for it; null: at once */
  readonly settle: "addedCredentialMinutes" | null;
  /** No steps: this finding calls for nothing here, and `whyNot` says why. */
  plan(finding: Finding, inventory: Inventory): readonly PlannedStep[];
  whyNot?(finding: Finding): string | null;
}
