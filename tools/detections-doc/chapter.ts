/** One detection, for whoever has to judge its findings or its noise. */
import type { Detection } from "../../shared/detections/detection.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import type { Playbook } from "../../shared/playbooks/playbook.ts";
import { blocks, code, heading, table } from "../catalog/markdown.ts";
import { exampleText } from "./example.ts";
import { lineOf, lineText } from "./policy-line.ts";

export function detectionChapter(detection: Detection, playbooks: readonly Playbook[], policy: Policy): string {
  const { id, title, guide } = detection;
  return blocks(
    heading(2, id),
    `**${title}.**`,
    facts(detection, playbooks, policy),
    `**Why.** ${guide.why}`,
    `**Check first.** ${guide.check}`,
    `**What else looks like this.** ${guide.falsePositives}`,
    `**To tune.** ${guide.tune}`,
    exampleText(detection),
  );
}

function facts(detection: Detection, playbooks: readonly Playbook[], policy: Policy): string {
  const { id, severity, ceiling, attack, patterns, on } = detection;
  const answering = playbooks.filter(({ handles }) => handles.includes(id)).map((playbook) => code(playbook.id));
  return table(
    ["severity", "ceiling", "line", "ATT&CK", "patterns", "listens to", "answered by"],
    [
      [
        severity,
        ceiling,
        lineText(lineOf(policy, id)),
        attack.map(techniqueLink).join(", "),
        orNone(patterns),
        on.map(code).join(", "),
        answering.length === 0 ? "nobody: it is told" : answering.join(", "),
      ],
    ],
  );
}

function orNone(items: readonly string[]): string {
  return items.length === 0 ? "none, it is ours" : items.join(", ");
}

/** `T1098.001` lies at …/T1098/001 (attack.mitre.org). */
function techniqueLink(id: string): string {
  return `[${id}](https://attack.mitre.org/techniques/${id.replace(".", "/")}/)`;
}
