/** Notice → OCSF event (schema.ocsf.io): what a SIEM reads from the `outcomes` hub. Pure. */
import type { Notice } from "../ports/outbox.ts";
import { detectionFinding } from "./ocsf-detection-finding.ts";
import { incidentFinding } from "./ocsf-incident-finding.ts";
import { remediationActivity } from "./ocsf-remediation-activity.ts";
import type { OcsfClassFields } from "./ocsf-types.ts";

/** The schema's version the classes were read from. */
const schemaVersion = "1.9.0-dev";

const product = { name: "Tourniquet", vendor_name: "Tourniquet", uid: "tourniquet" };

/** Severity in OCSF's numbers (base event class). */
const severities: Record<Notice["severity"], readonly [id: number, caption: string]> = {
  informational: [1, "Informational"],
  low: [2, "Low"],
  medium: [3, "Medium"],
  high: [4, "High"],
  critical: [5, "Critical"],
};

type OcsfEvent = ReturnType<typeof toOcsf>;

/** `loggedAt` is now, epoch ms; it also stands in for a notice's time that cannot be read. */
export function toOcsf(notice: Notice, loggedAt: number) {
  const { class_uid, activity, ...fields } = classFields(notice);
  const [severityId, severity] = severities[notice.severity];
  const occurredAt = Date.parse(notice.at);
  return {
    class_uid,
    category_uid: Math.floor(class_uid / 1000),
    activity_id: activity.id,
    activity_name: activity.caption,
    type_uid: class_uid * 100 + activity.id,
    time: Number.isNaN(occurredAt) ? loggedAt : occurredAt,
    severity_id: severityId,
    severity,
    message: notice.message,
    metadata: {
      version: schemaVersion,
      product,
      uid: notice.id,
      event_code: notice.event,
      tenant_uid: notice.tenantId,
      original_time: notice.at,
      logged_time: loggedAt,
      ...(notice.incidentId === null ? {} : { correlation_uid: notice.incidentId }),
    },
    observables: observables(notice),
    ...fields,
    unmapped: unmapped(notice),
  };
}

/** The same event for a hub that cannot take it whole: without the notice's own facts, and saying so. */
export function withoutData(event: unknown): unknown {
  const { metadata, unmapped: all, ...rest } = event as OcsfEvent;
  return { ...rest, metadata: { ...metadata, is_truncated: true }, unmapped: { ...all, data: {} } };
}

function classFields(notice: Notice): OcsfClassFields {
  const subject = notice.event.split(".", 1)[0] ?? "";
  if (subject === "finding") return detectionFinding(notice);
  if (subject === "incident" || subject === "ledger") return incidentFinding(notice);
  if (["step", "stage", "plan", "identity"].includes(subject)) return remediationActivity(notice);
  return notice.incidentId === null ? detectionFinding(notice) : incidentFinding(notice);
}

/** OCSF has no observable type of its own for Entra's ids, hence `Other` with the type in words. */
function observables({ identity, tenantId, planId }: Notice) {
  const ids: readonly (readonly [name: string, type: string, value: string | null])[] = [
    ["unmapped.identity.appId", "Microsoft Entra application ID", identity.appId],
    [
      "unmapped.identity.servicePrincipalId",
      "Microsoft Entra service principal object ID",
      identity.servicePrincipalId,
    ],
    ["metadata.tenant_uid", "Microsoft Entra tenant ID", tenantId],
    ["unmapped.planId", "Tourniquet plan ID", planId],
  ];
  return ids.flatMap(([name, type, value]) => (value === null ? [] : [{ name, type, type_id: 99, value }]));
}

function unmapped({ event, urgency, identity, incidentId, planId, recipients, data }: Notice) {
  const to = recipients === undefined ? {} : { recipients };
  return { event, urgency, identity, incidentId, planId, ...to, data };
}
