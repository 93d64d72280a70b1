/** The finding that a detection's first example makes, by the engine's own code: what playbooks are shown with. */
import type { Detection } from "../../shared/detections/detection.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { identityKey } from "../../shared/domain/identity.ts";
import { detect } from "../../shared/engine/detect.ts";

/** Null: the example makes no finding, which the registry tests would have told. */
export function exampleFinding({ id, examples }: Detection): Finding | null {
  const [event] = examples.match;
  if (event === undefined) return null;
  const key = identityKey(event.tenantId, event.subject.appId ?? "");
  // the clock is the example's own, so that the same sources make the same page
  const findings = detect(event, key, Date.parse(event.occurredAt), examples.facts);
  return findings.find((finding) => finding.detection === id) ?? null;
}
