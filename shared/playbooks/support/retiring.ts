/** What the playbooks about unused identities share: which finding is for which. */
import type { Finding } from "../../domain/finding.ts";

/** Null: the finding is for the playbook of this phase. */
export function whyNotRetired({ details }: Finding, phase: "disable" | "delete"): string | null {
  if (details.about !== "unused") return "no scan found it unused";
  return details.phase === phase ? null : `what is due is to ${details.phase} it`;
}
