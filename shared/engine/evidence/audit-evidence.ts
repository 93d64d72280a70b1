/**
 * Is a change borne out? Graph's own copy of the audit record is read by the same normaliser as the record was, and must tell of
 * this very change: a true record's id beside another change bears nothing out.
 */
import { z } from "zod";
import type { IdentityEvent } from "../../domain/event.ts";
import type { Finding } from "../../domain/finding.ts";
import type { Services } from "../../ports/services.ts";
import { normalise } from "../../records/index.ts";
import type { AuditLookup } from "./audit-lookup.ts";
import type { Evidence } from "./evidence-answer.ts";
import { isSameChange } from "./same-change.ts";

/** Graph's copy of an audit record may lag behind the hub this long. */
const auditLagMs = 10 * 60_000;

const AuditCopy = z.looseObject({ id: z.string(), activityDateTime: z.string() });
type AuditCopy = z.infer<typeof AuditCopy>;

export async function auditEvidence(services: Services, audits: AuditLookup, finding: Finding): Promise<Evidence> {
  const { warrant } = finding;
  const answer = await audits.find(warrant.recordId);
  const claimed = { withdrawn: false, at: warrant.activityAt, risk: null };
  if (!answer.ok && answer.status !== 404) return { ...claimed, borneOut: null };
  if (!answer.ok) {
    const mayBeLate = services.clock.now() - Date.parse(warrant.activityAt) < auditLagMs;
    return { ...claimed, borneOut: mayBeLate ? null : false };
  }
  const copy = AuditCopy.safeParse(answer.body);
  if (!copy.success || copy.data.id !== warrant.recordId) return { ...claimed, borneOut: false };
  const told = eventsIn(copy.data, finding.subject.tenantId).filter(({ actor }) => actor.id === finding.actorId);
  const borneOut = told.some((event) => isSameChange(finding, event));
  return { ...claimed, at: copy.data.activityDateTime, borneOut };
}

/** The copy is the `properties` of the record, but for what only the hub adds. */
function eventsIn(copy: AuditCopy, tenantId: string): readonly IdentityEvent[] {
  const operationName = copy.activityDisplayName;
  const result = normalise({ category: "AuditLogs", tenantId, operationName, properties: copy }, tenantId);
  return result.outcome === "event" ? [result.event, ...(result.more ?? [])] : [];
}
