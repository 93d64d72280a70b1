/** The findings that playbooks are shown with: of a detection's examples, by the engine's own code; and what a person asks for. */
import type { Detection } from "../../shared/detections/detection.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { keyOfRef } from "../../shared/domain/identity.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";
import { detect, withIdentity } from "../../shared/engine/ingest/detect.ts";
import { exampleParameters, type Playbook } from "../../shared/playbooks/playbook.ts";

type Detections = ReadonlyMap<string, Detection>;

/** Everything a playbook may be planned from: the findings it handles, and what a person may ask for. */
export function findingsFor(playbook: Playbook, detections: Detections): readonly Finding[] {
  const asked = playbook.manual ? anyFinding(detections).map((example) => askedFor(playbook, example)) : [];
  return [...playbook.handles.flatMap((handled) => examplesOf(detections, handled)), ...asked];
}

export function examplesOf(detections: Detections, id: string): readonly Finding[] {
  const detection = detections.get(id);
  return detection === undefined ? [] : exampleFindings(detection);
}

/** The identity of one example, for plans that people ask for; none when no detection has an example. */
function anyFinding(detections: Detections): readonly Finding[] {
  return [...detections.keys()].flatMap((id) => examplesOf(detections, id)).slice(0, 1);
}

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
function askedFor(playbook: Playbook, example: Finding): Finding {
  const parameters = exampleParameters(playbook);
  const word = { by: "a person", reason: "asked for by a person", mode: "approve" } as const;
  const details = { about: "manual", playbook: playbook.id, parameters, ...word } as const;
  return { ...example, detection: "manual", ceiling: "approve", details };
}
