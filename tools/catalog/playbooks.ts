/** What answers a finding: every playbook, and the steps it plans from an example of each detection it handles. */
import type { Detection } from "../../shared/detections/detection.ts";
import { type PlannedStep, stageOrder } from "../../shared/domain/plan.ts";
import { nothingKnown, type Playbook } from "../../shared/playbooks/playbook.ts";
import { exampleFinding } from "./example-findings.ts";
import { blocks, code, heading, list, table } from "./markdown.ts";

export function playbookSection(playbooks: readonly Playbook[], detections: ReadonlyMap<string, Detection>): string {
  return blocks(
    heading(2, "Playbooks"),
    "What answers a finding. Stages run in the order of the table, each only after the guardrails let it; the steps are those planned from a detection's first example.",
    ...playbooks.map((playbook) => one(playbook, detections)),
  );
}

function one(playbook: Playbook, detections: ReadonlyMap<string, Detection>): string {
  const { id, version, summary, handles, settle } = playbook;
  return blocks(
    heading(3, id),
    summary,
    list([
      `version: ${version}`,
      `handles: ${handles.map(code).join(", ")}`,
      settle === null ? "starts: at once" : `starts: after the policy's ${code(`settle.${settle}`)}`,
    ]),
    ...plansOf(playbook, detections),
  );
}

/** One table for all detections that call for the same steps. */
function plansOf(playbook: Playbook, detections: ReadonlyMap<string, Detection>): readonly string[] {
  const planned = playbook.handles.map((id) => ({ id, text: stepsFor(playbook, detections.get(id)) }));
  return [...Map.groupBy(planned, ({ text }) => text)].map(([text, same]) =>
    blocks(`Steps for ${same.map(({ id }) => code(id)).join(" and ")}:`, text),
  );
}

function stepsFor(playbook: Playbook, detection: Detection | undefined): string {
  const finding = detection === undefined ? null : exampleFinding(detection);
  if (finding === null) return "There is no example to plan from.";
  const steps = playbook.plan(finding, nothingKnown);
  if (steps.length === 0) return `None: ${playbook.whyNot?.(finding) ?? "nothing is called for"}.`;
  const ordered = stageOrder.flatMap((stage) => steps.filter((step) => step.stage === stage));
  return table(["stage", "action", "parameters", "need", "on failure", "why"], ordered.map(row));
}

function row({ stage, action, parameters, need, onFailure, reason }: PlannedStep): readonly string[] {
  return [stage, code(action), code(JSON.stringify(parameters)), need, onFailure, reason];
}
