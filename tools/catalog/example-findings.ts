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
  return detection === undefined ? scannedExamples(id) : exampleFindings(detection);
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

const found = "2026-03-02T03:15:00.000Z";
const examined: Omit<Finding, "id" | "detection" | "details" | "title" | "ceiling"> = {
  severity: "informational",
  subject: {
    tenantId: "5611623b-9128-461e-9d7f-a0d9c270ead2",
    appId: "b55552fe-a272-4b56-990b-95038d917878",
    servicePrincipalId: "9089a539-a539-4089-89a5-899039a58990",
    applicationObjectId: "8d8d96a4-edb4-495c-a412-6e72c7e21084",
  },
  claimedName: "Billing export",
  actorId: null,
  dedupeBy: found,
  warrant: { category: "Unused", recordId: "scan", correlationId: null, activityAt: found, raisedAt: found },
  receivedAt: found,
};

function unused(phase: "disable" | "delete"): Finding {
  const reasons = [{ code: "unused", words: "no use in 90 days", data: {} }];
  const said = { lastUsedAt: "2025-10-01T00:00:00.000Z", windowDays: 90, reasons, owners: [], ownersReadAt: found };
  const details: Finding["details"] = { about: "unused", phase, ...said, privileges: [] };
  const title = "Nobody uses this identity";
  return { ...examined, id: phase, detection: "unused-identity", ceiling: "enforce", title, details };
}

function unusedCredential(type: "secret" | "certificate"): Finding {
  const reason = { code: "expired", words: "it expired 40 days ago", data: {} };
  const keyId = "9d9fea30-d8e3-481b-b57c-0ef569a989e5";
  const credential = { keyId, object: "application", type, removable: true, reason } as const;
  const details = { about: "unused-credential", credential } as const;
  const title = "A credential is not used any more";
  return { ...examined, id: type, detection: "unused-credential", ceiling: "approve", title, details };
}

/** What a scan of the tenant files, made by hand: no log record tells of it. Of any other id: nothing. */
export function scannedExamples(id: string): readonly Finding[] {
  if (id === "unused-identity") return [unused("disable"), unused("delete")];
  return id === "unused-credential" ? [unusedCredential("secret"), unusedCredential("certificate")] : [];
}

/** The same identity, by a person's word. */
function askedFor(playbook: Playbook, example: Finding): Finding {
  const parameters = exampleParameters(playbook);
  const word = { by: "a person", reason: "asked for by a person", mode: "approve" } as const;
  const details = { about: "manual", playbook: playbook.id, parameters, ...word } as const;
  return { ...example, detection: "manual", ceiling: "approve", details };
}
