/** Stores what a detection saw where it belongs: with its identity, under an id nobody knows yet, or as what is only told. */
import { namesNobody, topicKey } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { type Unplaced, withIdentity } from "../ingest/detect.ts";
import { resolveSubject } from "../ingest/resolve-subject.ts";
import { fileFinding } from "./file-finding.ts";
import { fileUnresolved } from "./file-unresolved.ts";

export async function placeFinding(services: Services, finding: Unplaced): Promise<"new" | "duplicate"> {
  const filed = await file(services, finding);
  return filed === "duplicate" ? "duplicate" : "new";
}

async function file(services: Services, finding: Unplaced) {
  const { subject, topic } = finding;
  if (topic !== undefined || namesNobody(subject)) {
    const key = topicKey(subject.tenantId, topic ?? { kind: "unnamed", id: finding.warrant.recordId });
    return fileFinding(services, key, withIdentity(finding, key, subject));
  }
  const resolved = await resolveSubject(services, subject);
  if (resolved === null) return "duplicate";
  const { key } = resolved;
  const placed = withIdentity(finding, key, resolved.subject);
  return resolved.resolved ? fileFinding(services, key, placed) : fileUnresolved(services, key, placed);
}
