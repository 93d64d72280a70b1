/** What is noticed: every detection, and one event that it matches. */
import type { Detection } from "../../shared/detections/detection.ts";
import { blocks, code, heading, json, table } from "./markdown.ts";

export function detectionSection(detections: readonly Detection[]): string {
  const rows = detections.map(({ id, title, severity, attack, on, ceiling }) => [
    code(id),
    title,
    severity,
    attack.join(", "),
    on.map(code).join(", "),
    ceiling,
  ]);
  return blocks(
    heading(2, "Detections"),
    "What is noticed, from one event each. The ceiling is the most that a finding may ever cause; `policy.yaml` can only tighten it.",
    table(["id", "what happened", "severity", "ATT&CK", "listens to", "ceiling"], rows),
    ...detections.map(example),
  );
}

function example({ id, examples: { match } }: Detection): string {
  const [first] = match;
  if (first === undefined) return "";
  return blocks(heading(3, id), "Matches, for example, this event:", json(first));
}
