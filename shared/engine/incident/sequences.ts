/**
 * What is seen only in two records together, looked for again once the identity of one of them is known: until then each was learned
 * under a key of its own.
 */
import type { IdentityEvent } from "../../domain/event.ts";
import type { Finding } from "../../domain/finding.ts";
import type { IdentityKey, IdentityRef } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import type { Services } from "../../ports/services.ts";
import { adoptBaseline } from "../ingest/baselines.ts";
import { detect } from "../ingest/detect.ts";
import { placeFinding } from "./place-finding.ts";

const sequences: ReadonlySet<string> = new Set(["credential-used-at-once"]);

interface Found {
  readonly key: IdentityKey;
  readonly ref: IdentityRef;
}

/** `findings` are those that were kept under `from`, the id nobody knew. Doing it again finds the same. */
export async function joinBaselines(
  services: Services,
  from: IdentityKey,
  { key, ref }: Found,
  findings: readonly Finding[],
): Promise<void> {
  const baseline = await adoptBaseline(services, from, key);
  if (baseline === null) return;
  for (const event of findings.flatMap((finding) => changeOf(finding, ref))) {
    const seen = detect(event, { now: services.clock.now(), tuning: services.policy.tuning, baseline });
    for (const finding of seen.filter(({ detection }) => sequences.has(detection)))
      await placeFinding(services, finding);
  }
}

/** The change that a finding tells of, as its record told it. */
function changeOf(finding: Finding, subject: IdentityRef): readonly IdentityEvent[] {
  const { details, warrant, actorId, claimedName } = finding;
  if (warrant.category !== "AuditLogs") return [];
  const common = {
    id: hashId(warrant.category, warrant.recordId),
    category: "AuditLogs",
    recordId: warrant.recordId,
    tenantId: subject.tenantId,
    occurredAt: warrant.activityAt,
    correlationId: warrant.correlationId,
    actor: { kind: "unknown", id: actorId, appId: null, claimedName: null },
    subject,
    claimedName,
  } as const;
  if (details.about === "credential-added") {
    const { object, objectId, added, removed, before } = details;
    return [{ ...common, type: "credentials-changed", object, objectId, added, removed, before, succeeded: true }];
  }
  if (details.about === "federated-credential-added") {
    const { objectId, added } = details;
    const object = "application";
    return [{ ...common, type: "federated-credentials-changed", object, objectId, added, removed: [], before: null }];
  }
  return [];
}
