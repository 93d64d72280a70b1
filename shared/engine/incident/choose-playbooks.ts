/** Which playbooks answer a finding, by its detection, or by a person's word, and by what kind of identity it is about. */
import type { Finding } from "../../domain/finding.ts";
import { type IdentityKind, namesNobody } from "../../domain/identity.ts";
import { fits, type Playbook } from "../../playbooks/playbook.ts";
import { playbooks } from "../registry.ts";

/** Kind null: nobody has looked; then those that are for every kind, and those that are planned unseen. */
export function choosePlaybooks(finding: Finding, kind: IdentityKind | null): readonly Playbook[] {
  return candidatesFor(finding).filter((playbook) =>
    kind === null ? playbook.kinds === undefined || playbook.plannedUnseen === true : fits(playbook, kind),
  );
}

/** Those that can be chosen only once the kind is known. */
export function playbooksThatWait(finding: Finding): readonly Playbook[] {
  const unseen = choosePlaybooks(finding, null);
  return candidatesFor(finding).filter((playbook) => !unseen.includes(playbook));
}

/** Must somebody look for the sake of this finding? Not where a stage that begins at once looks anyway. */
export function mustLook(finding: Finding): boolean {
  const waiting = playbooksThatWait(finding).filter(({ whyNot }) => whyNot === undefined || whyNot(finding) === null);
  const looksAnyway = choosePlaybooks(finding, null).some(({ settle }) => settle === null);
  return waiting.length > 0 && !looksAnyway;
}

/** A detection that only tells a person calls for nothing, nor does what is about no workload identity. */
function candidatesFor({ detection, details, ceiling, subject }: Finding): readonly Playbook[] {
  if (ceiling === "notify" || namesNobody(subject)) return [];
  return [...playbooks.values()].filter(({ id, manual, handles }) =>
    details.about === "manual" ? manual && id === details.playbook : handles.includes(detection),
  );
}
