/** What each playbook takes on each kind of identity: the permissions its steps' actions declare. */
import { IdentityKind } from "../../shared/domain/identity.ts";
import type { PlannedStep, StageName } from "../../shared/domain/plan.ts";
import { actionOf, detections } from "../../shared/engine/registry.ts";
import type { Playbook } from "../../shared/playbooks/playbook.ts";
import { findingsFor } from "../catalog/example-findings.ts";
import { stepsOn } from "../catalog/playbook-kinds.ts";

/** One permission that one step of a playbook takes on one kind of identity. */
export interface Use {
  readonly permission: string;
  readonly playbook: string;
  readonly kind: IdentityKind;
  readonly stage: StageName;
  readonly action: string;
  readonly need: PlannedStep["need"];
}

/** The same for every policy, and planning every example takes a while. */
const known = new Map<string, readonly Use[]>();

/** Of everything the playbook may plan, whatever the policy says about owners. Taking back takes what was taken. */
export function usesOf(playbook: Playbook): readonly Use[] {
  const uses = known.get(playbook.id) ?? planned(playbook);
  known.set(playbook.id, uses);
  return uses;
}

function planned(playbook: Playbook): readonly Use[] {
  const findings = findingsFor(playbook, detections);
  return IdentityKind.options.flatMap((kind) =>
    [true, false]
      .flatMap((ownersFirst) => stepsOn(playbook, findings, kind, { ownersFirst }))
      .flatMap(({ action, need, stage }) =>
        actionOf(action)
          .permissions(kind)
          .map((permission) => ({ permission, playbook: playbook.id, kind, stage, action, need })),
      ),
  );
}
