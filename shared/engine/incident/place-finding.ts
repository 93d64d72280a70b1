/** Stores what a detection saw where it belongs: with its identity, under an id nobody knows yet, or as what is only told. */
import { topicKey } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
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
  const { subject, topic, warrant } = finding;
  const resolved = topic === undefined ? await resolveSubject(services, subject) : null;
  if (resolved === null) {
    const key = topicKey(subject.tenantId, topic ?? { kind: "unnamed", id: hashId(warrant.recordId) });
    return fileFinding(services, key, withIdentity(finding, key, subject));
  }
  const { key } = resolved;
  const placed = withIdentity(finding, key, resolved.subject);
  return resolved.resolved ? fileFinding(services, key, placed) : fileUnresolved(services, key, placed);
}
