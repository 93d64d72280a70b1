/** What a playbook may do to each kind of identity, over everything it can be planned from, and the permissions that takes. */
import type { Finding } from "../../shared/domain/finding.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { type PlannedStep, type StageName, stageOrder } from "../../shared/domain/plan.ts";
import { actionOf } from "../../shared/engine/registry.ts";
import { fits, type Inventory, nothingKnown, type Playbook } from "../../shared/playbooks/playbook.ts";
import { code, table } from "./markdown.ts";

/** One row for all kinds that are answered alike; kinds that the playbook is not for are left out. */
export function playbookKinds(playbook: Playbook, findings: readonly Finding[]): string {
  const rows = IdentityKind.options.map((kind) => ({ kind, row: rowOf(stepsOn(playbook, findings, kind), kind) }));
  const answered = rows.filter(({ row }) => row.length > 0);
  const alike = [...Map.groupBy(answered, ({ row }) => JSON.stringify(row)).values()];
  return table(
    ["kinds", ...shownStages, "required permissions", "optional permissions"],
    alike.map((same) => [same.map(({ kind }) => code(kind)).join(", "), ...(same[0]?.row ?? [])]),
  );
}

/** The undo that `dismiss-and-restore` plans is of whatever was done, and takes what that took. */
const shownStages: readonly StageName[] = stageOrder.filter((stage) => stage !== "undo");

/** Every step that it may plan for such an identity. `known`: what is known besides its kind. */
export function stepsOn(
  playbook: Playbook,
  findings: readonly Finding[],
  kind: IdentityKind,
  known: Partial<Inventory> = {},
): readonly PlannedStep[] {
  if (!fits(playbook, kind)) return [];
  return findings
    .flatMap((finding) =>
      [true, false].flatMap((publisherVerified) =>
        playbook.plan(finding, { ...nothingKnown, ...known, kind, publisherVerified }),
      ),
    )
    .filter((step) => (step.kinds?.includes(kind) ?? true) && actionOf(step.action).appliesTo(kind));
}

function rowOf(steps: readonly PlannedStep[], kind: IdentityKind): readonly string[] {
  if (steps.length === 0) return [];
  const required = permissionsOf(
    steps.filter(({ need }) => need === "required"),
    kind,
  );
  const optional = permissionsOf(steps, kind).filter((name) => !required.includes(name));
  const actionsIn = (stage: StageName) => steps.filter((step) => step.stage === stage).map(({ action }) => action);
  return [...shownStages.map((stage) => cell(actionsIn(stage))), cell(required), cell(optional)];
}

function permissionsOf(steps: readonly PlannedStep[], kind: IdentityKind): readonly string[] {
  return [...new Set(steps.flatMap(({ action }) => actionOf(action).permissions(kind)))].toSorted();
}

function cell(names: readonly string[]): string {
  return names.length === 0 ? "–" : [...new Set(names)].map(code).join(", ");
}
