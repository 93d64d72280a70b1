/** The findings that playbooks are shown with: of a detection's examples, by the engine's own code; and what a person asks for. */
import type { Detection } from "../../shared/detections/detection.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { identityKey } from "../../shared/domain/identity.ts";
import { detect } from "../../shared/engine/detect.ts";

/** One for each example that makes one, in their order. */
export function exampleFindings({ id, examples }: Detection): readonly Finding[] {
  return examples.match.flatMap((event) => {
    const key = identityKey(event.tenantId, event.subject.appId ?? "");
    // the clock is the example's own, so that the same sources make the same page
    const findings = detect(event, key, Date.parse(event.occurredAt), examples.facts);
    return findings.filter((finding) => finding.detection === id);
  });
}

/** The same identity, by a person's word. */
export function askedFor(playbook: string, example: Finding): Finding {
  const details = { about: "manual", by: "a person", reason: "asked for by a person", playbook } as const;
  return { ...example, detection: "manual", ceiling: "approve", details };
}
