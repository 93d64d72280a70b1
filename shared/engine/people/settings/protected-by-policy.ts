/** What the policy file protects by id: shown beside what people protect at run time, which takes nothing from it. */
import type { Policy } from "../../../domain/policy.ts";

export interface PolicyProtection {
  readonly id: string;
  readonly how: "never" | "ask";
  /** so many must approve */
  readonly people: number;
  readonly changeable: false;
}

export function protectedByPolicy({ protected: lists, approvals }: Policy): readonly PolicyProtection[] {
  const pipeline = approvals.twoPeople.includes("own-pipeline") ? 2 : 1;
  const line = (how: PolicyProtection["how"], people: number) => (id: string) =>
    ({ id, how, people, changeable: false }) as const;
  return [
    ...lists.never.map(line("never", 0)),
    ...lists.twoPeople.map(line("ask", pipeline)),
    ...lists.ask.map(line("ask", 1)),
  ];
}

/** The strictest that the file says of an id; null: it does not protect it. */
export function policyProtectionOf(policy: Policy, id: string): PolicyProtection["how"] | null {
  const lines = protectedByPolicy(policy).filter((line) => line.id === id);
  if (lines.length === 0) return null;
  return lines.some(({ how }) => how === "never") ? "never" : "ask";
}
