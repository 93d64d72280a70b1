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

/** Exempt by what is known. */
export function exempt(words: string, data: Exempt["data"] = {}): Exempt {
  return { words, data };
}

/** Exempt because nobody knows: `known: false` tells it from the others, and lets what is known be named first. */
export function notKnown(words: string): Exempt {
  return { words, data: { known: false } };
}

/** The tag as the object bears it, whatever its case; undefined: it has none of these. */
export function tagOf({ tags }: Pick<UseFacts, "tags">, wanted: (tag: string) => boolean): string | undefined {
  return tags.find((tag) => wanted(tag.toLowerCase()));
}
