/**
 * Which playbooks a policy can ever let act, however much evidence there is: the engine's own limits at their widest. Settings and
 * the kill switch only tighten, so they do not count here.
 */
import { atLeast, type Ceiling, mostPermissive, strictest } from "../../shared/domain/mode.ts";
import { type StageName, stageOrder } from "../../shared/domain/plan.ts";
import { type Policy, stageMode } from "../../shared/domain/policy.ts";
import { detections } from "../../shared/engine/registry.ts";
import type { Playbook } from "../../shared/playbooks/playbook.ts";

export interface Enabled {
  readonly stages: readonly StageName[];
  /** one sentence */
  readonly why: string;
}

/** `stages`: those that the playbook plans. */
export function enabledBy(policy: Policy, playbook: Playbook, stages: readonly StageName[]): Enabled {
  const acting = stageOrder
    .filter((stage) => stages.includes(stage))
    .filter((stage) => atLeast(furthest(policy, playbook, stage), "approve"));
  return { stages: acting, why: whyOf(policy, playbook, acting) };
}

function furthest(policy: Policy, playbook: Playbook, stage: StageName): Ceiling {
  return strictest(evidenceFor(policy, playbook), limitOf(policy, playbook, stage), policy.mode);
}

/** A plan begins with a finding that the playbook handles, and then all findings of the incident count for how far it goes. */
function evidenceFor(policy: Policy, playbook: Playbook): Ceiling {
  if (playbook.manual) return "approve";
  const isPlanned = playbook.handles.some((id) => atLeast(lineOf(policy, id), "observe"));
  return isPlanned ? mostPermissive(...[...detections.keys()].map((id) => lineOf(policy, id))) : "notify";
}

function lineOf(policy: Policy, id: string): Ceiling {
  const line = policy.detections[id]?.max ?? "observe";
  const ceiling = strictest(line, detections.get(id)?.ceiling ?? "notify");
  if (id !== "service-principal-risk-detected") return ceiling;
  return strictest(ceiling, widest(policy.riskEventTypes), widest(policy.riskLevels));
}

/** What has no line of its own falls under `unknown`, and without that a person is asked. */
function widest(lines: Policy["riskLevels"]): Ceiling {
  const rest: Ceiling = lines.unknown?.max ?? "approve";
  return mostPermissive(rest, ...Object.values(lines).map(({ max }) => max));
}

/** A line may let the eradicate stage of one playbook run for its very evidence, whatever the stage says. */
function limitOf(policy: Policy, { id }: Playbook, stage: StageName): Ceiling {
  const isUnattended = Object.values(policy.detections).some(
    ({ max, unattendedEradication = [] }) => max === "enforce" && unattendedEradication.includes(id),
  );
  return stage === "eradicate" && isUnattended ? "enforce" : stageMode(policy, stage);
}

function whyOf(policy: Policy, { id, manual }: Playbook, acting: readonly StageName[]): string {
  if (acting.length > 0) return `${id} may ${acting.join(" and ")}${manual ? ", also at a person's word" : ""}`;
  return policy.mode === "observe" ? `the policy's mode is observe` : `no line of the policy lets ${id} act`;
}
