/** `runs revert`: what will be taken back and what never comes back is said before anything is signed. */
import { TerminalError } from "../../shared/domain/errors.ts";
import type { FoundPlan, PersonsWord, TableServices } from "../../shared/engine/people/decide-by-person.ts";
import {
  previewUndo,
  type RequestedUndo,
  requestUndo,
  type UndoPreview,
} from "../../shared/engine/undo/undo-by-person.ts";

/** `--step`: as `runs show` numbers them, from 1. Answers the index; null: the whole plan. */
export function stepIndexOf(step: string | undefined): number | null {
  if (step === undefined) return null;
  if (/^[1-9]\d{0,2}$/.test(step)) return Number(step) - 1;
  throw new TerminalError(`--step ${step}: give the number of one step, as \`runs show\` numbers them from 1`, {
    code: "usage",
  });
}

/** `person` null: a dry run. Throws TerminalError when there is nothing (more) to take back. */
export async function revert(
  services: TableServices,
  found: FoundPlan,
  step: number | null,
  person: PersonsWord | null,
): Promise<UndoPreview | RequestedUndo> {
  return person === null ? previewUndo(services, found, step) : requestUndo(services, found, person, step);
}

export function showRevert(answer: UndoPreview | RequestedUndo): string {
  if (!("undoes" in answer)) return [...showPreview(answer), "Nothing was signed: this was a dry run."].join("\n");
  return [
    ...showPreview(answer.undoes),
    `It will be taken back by plan ${answer.planId}, asked by ${answer.by}; the writer is woken within 10 s.`,
  ].join("\n");
}

function showPreview({ planId, takes, lost, stays, cancels }: UndoPreview): readonly string[] {
  return [
    `Of plan ${planId} these are put back by their receipts, in this order, where nobody changed them since:`,
    ...takes.flatMap(({ index, action, at, requests }) => [
      `  - step ${index + 1}, ${action} of ${at ?? "an unknown time"}; sent then:`,
      ...requests.map((request) => `      ${request}`),
    ]),
    ...list("What comes back without", lost),
    ...list("What cannot be taken back and stays", stays),
    ...list("Stages that will not run any more", cancels),
  ];
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  - ${line}`)];
}
