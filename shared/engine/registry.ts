/** A module namespace of units becomes a map by id. A double id is a programming error, told at start. */

import type { Action } from "../actions/action.ts";
import * as actionModule from "../actions/index.ts";
import type { Detection } from "../detections/detection.ts";
import * as detectionModule from "../detections/index.ts";
import { TerminalError } from "../domain/errors.ts";
import type { Exemption } from "../exemptions/exemption.ts";
import * as exemptionModule from "../exemptions/index.ts";
import type { Guardrail } from "../guardrails/guardrail.ts";
import * as guardrailModule from "../guardrails/index.ts";
import * as playbookModule from "../playbooks/index.ts";
import type { Playbook } from "../playbooks/playbook.ts";

/** Units by id, in the order of their export. */
export function registryOf<T extends { readonly id: string }>(module: Record<string, T>): ReadonlyMap<string, T> {
  const units = Object.values(module);
  const registry = new Map(units.map((unit) => [unit.id, unit]));
  if (registry.size !== units.length) throw new TerminalError("two units share an id", { code: "double-id" });
  return registry;
}

export const actions: ReadonlyMap<string, Action> = registryOf<Action>({ ...actionModule });
export const detections: ReadonlyMap<string, Detection> = registryOf<Detection>({ ...detectionModule });
export const exemptions: ReadonlyMap<string, Exemption> = registryOf<Exemption>({ ...exemptionModule });
export const guardrails: ReadonlyMap<string, Guardrail> = registryOf<Guardrail>({ ...guardrailModule });
export const playbooks: ReadonlyMap<string, Playbook> = registryOf<Playbook>({ ...playbookModule });

/** The action of a planned step. A plan that names none was made by a newer or an older version: terminal. */
export function actionOf(id: string): Action {
  const action = actions.get(id);
  if (action === undefined) throw new TerminalError(`no action ${id} in this version`, { code: "unknown-action" });
  return action;
}
