/** The findings that playbooks are shown with: of a detection's examples, by the engine's own code; and what a person asks for. */
import type { Detection } from "../../shared/detections/detection.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { keyOfRef } from "../../shared/domain/identity.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";
import { detect, withIdentity } from "../../shared/engine/ingest/detect.ts";
import { exampleParameters, type Playbook } from "../../shared/playbooks/playbook.ts";

/** One for each example that makes one, in their order. */
export function exampleFindings({ id, examples }: Detection): readonly Finding[] {
  return examples.match.flatMap((event) => {
    // the clock is the example's own, so that the same sources make the same page
    const facts = { now: Date.parse(event.occurredAt), tuning: defaultTuning, ...examples.facts };
    const ofIt = detect(event, facts).filter((finding) => finding.detection === id);
    return ofIt.map((finding) => withIdentity(finding, keyOfRef(finding.subject) ?? "nobody", finding.subject));
  });
}

/** The same identity, by a person's word. */
export function askedFor(playbook: Playbook, example: Finding): Finding {
  const parameters = exampleParameters(playbook);
  const word = { by: "a person", reason: "asked for by a person", mode: "approve" } as const;
  const details = { about: "manual", playbook: playbook.id, parameters, ...word } as const;
  return { ...example, detection: "manual", ceiling: "approve", details };
}
