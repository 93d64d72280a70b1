/**
 * The contract of an exemption: a reason not to retire an identity, whatever its use. One file each; pure. What it needs and does not
 * know exempts, too: unknown is not no.
 */
import type { RetirePolicy } from "../domain/retire-policy.ts";
import type { UseFacts, UseReason } from "../domain/use.ts";

export interface Exemption {
  /** the file's name */
  readonly id: string;
  /** one sentence, for the documentation: whom it leaves alone and why */
  readonly title: string;
  /** null: not exempt by this */
  check(facts: UseFacts, policy: RetirePolicy): Exempt | null;
  readonly examples: { readonly exempt: readonly Partial<UseFacts>[]; readonly not: readonly Partial<UseFacts>[] };
}

export type Exempt = Omit<UseReason, "code">;
