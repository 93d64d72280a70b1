/** What is noticed: every detection in a line; the page of detections says the rest. */
import type { Detection } from "../../shared/detections/detection.ts";
import { blocks, code, heading, table } from "./markdown.ts";

export function detectionSection(detections: readonly Detection[]): string {
  const rows = detections.map(({ id, title, severity, attack, on, ceiling }) => [
    `[${code(id)}](detections.md#${id})`,
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
  );
}
