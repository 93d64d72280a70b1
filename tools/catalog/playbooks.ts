/** What answers a finding: every playbook, what it may do to each kind, and the steps it plans from examples. */
import type { Detection } from "../../shared/detections/detection.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { type PlannedStep, stageOrder } from "../../shared/domain/plan.ts";
import { nothingKnown, type Playbook } from "../../shared/playbooks/playbook.ts";
import { examplesOf, findingsFor } from "./example-findings.ts";
import { blocks, code, heading, list, table } from "./markdown.ts";
import { playbookKinds } from "./playbook-kinds.ts";

/** Where the policy says how long each waits. */
const lineOf: Readonly<Record<NonNullable<Playbook["settle"]>, string>> = {
  addedCredentialMinutes: "settle.addedCredentialMinutes",
  noticeDays: "retire.noticeDays",
};

type Detections = ReadonlyMap<string, Detection>;

export function playbookSection(playbooks: readonly Playbook[], detections: Detections): string {
  return blocks(
    heading(2, "Playbooks"),
    "What answers a finding. Stages run in the order of the table, each only after the guardrails let it; the steps are those planned from a detection's first example, or from what a scan of the tenant files.",
    "A missing required permission refuses the plan before any of it is written; for a missing optional one the step is skipped, and that is said. Taking steps back takes what they took.",
    ...playbooks.map((playbook) => one(playbook, detections)),
  );
}

function one(playbook: Playbook, detections: Detections): string {
  const { id, version, summary, handles, settle, manual } = playbook;
  return blocks(
    heading(3, id),
    summary,
    list([
      `version: ${version}`,
      `handles: ${handles.length === 0 ? "nothing by itself" : handles.map(code).join(", ")}`,
      manual ? "a person may start it (`tq runs start`)" : "answers findings only",
      settle === null ? "starts: at once" : `starts: after the policy's ${code(lineOf[settle])}`,
    ]),
    playbookKinds(playbook, findingsFor(playbook, detections)),
    ...plansOf(playbook, detections),
  );
}

/** One table for all detections that call for the same steps. */
function plansOf(playbook: Playbook, detections: Detections): readonly string[] {
  const planned = playbook.handles.map((id) => ({
    id,
    text: stepsFor(playbook, exampleFor(playbook, detections, id)),
  }));
  return [...Map.groupBy(planned, ({ text }) => text)].map(([text, same]) =>
    blocks(`Steps for ${same.map(({ id }) => code(id)).join(" and ")}:`, text),
  );
}

/** Of a scan's findings the first that is for this playbook; of a detection's the first. */
function exampleFor(playbook: Playbook, detections: Detections, id: string): Finding | undefined {
  const examples = examplesOf(detections, id);
  const isFor = (finding: Finding) => playbook.plan(finding, nothingKnown).length > 0;
  return (detections.has(id) ? undefined : examples.find(isFor)) ?? examples[0];
}

function stepsFor(playbook: Playbook, finding: Finding | undefined): string {
  if (finding === undefined) return "There is no example to plan from.";
  const steps = playbook.plan(finding, nothingKnown);
  if (steps.length === 0) return `None: ${playbook.whyNot?.(finding) ?? "nothing is called for"}.`;
  const ordered = stageOrder.flatMap((stage) => steps.filter((step) => step.stage === stage));
  return table(["stage", "action", "parameters", "need", "on failure", "why"], ordered.map(row));
}

function row({ stage, action, parameters, need, onFailure, reason, kinds }: PlannedStep): readonly string[] {
  const only = kinds === undefined ? "" : ` (only ${kinds.join(", ")})`;
  return [stage, code(action), code(JSON.stringify(parameters)), need, onFailure, `${reason}${only}`];
}
