/** What still works after all that was done in an incident, and what nobody looked at: recomputed from the rows, worst case. */
import type { EvidencePlan, EvidenceStep } from "../../domain/evidence-pack.ts";
import type { IdentityKind } from "../../domain/identity.ts";
import { looksAtAll, notExamined } from "../people/report/examined.ts";
import { type ResidualAccess, residualAccess } from "../people/report/residual-access.ts";
import { changesOf } from "../people/report/steps.ts";

/** The last time by which each resource refuses: of two disables, the earlier may have been undone by somebody in between. */
export function residualIn(plans: readonly EvidencePlan[], kind: IdentityKind): readonly ResidualAccess[] {
  const all = plans.flatMap((plan) => residualAccess(kind, changesOf(stepsIn([plan]))));
  const byPlace = Map.groupBy(all, ({ where }) => where);
  return [...byPlace.values()].flatMap((ones) => ones.toSorted((a, b) => b.until.localeCompare(a.until)).slice(0, 1));
}

export function notExaminedIn(plans: readonly EvidencePlan[]): readonly string[] {
  return notExamined(stepsIn(plans), ({ parameters }) => looksAtAll(parameters));
}

/** Those that do something, and undo nothing; a plan that nobody signed is nobody's word. */
function stepsIn(plans: readonly EvidencePlan[]): readonly EvidenceStep[] {
  return plans
    .filter(({ signed }) => signed)
    .flatMap(({ stages }) => stages.flatMap(({ steps }) => steps))
    .filter(({ undoes }) => undoes === null);
}
