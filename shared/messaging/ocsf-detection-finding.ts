/** Findings as OCSF Detection Finding (2004). */
import type { Notice } from "../ports/outbox.ts";
import { happened, type OcsfClassFields, type OcsfValue, other, textOf } from "./ocsf-types.ts";

const create: OcsfValue = { id: 1, caption: "Create" };
const update: OcsfValue = { id: 2, caption: "Update" };
const close: OcsfValue = { id: 3, caption: "Close" };

const activities: ReadonlyMap<string, OcsfValue> = new Map([
  ["created", create],
  ["unresolved", create],
  ["updated", update],
  ["resolved", update],
  ["closed", close],
  ["dismissed", close],
  ["withdrawn", close],
]);

export function detectionFinding(notice: Notice): OcsfClassFields {
  const activity = activities.get(happened(notice)) ?? other;
  return {
    class_uid: 2004,
    activity,
    ...status(activity),
    is_alert: notice.urgency !== "digest",
    finding_info: {
      uid: textOf(notice, "findingId") ?? notice.id,
      title: textOf(notice, "title") ?? notice.message,
      types: [textOf(notice, "detection") ?? notice.event],
    },
  };
}

function status(activity: OcsfValue) {
  if (activity === create) return { status_id: 1, status: "New" };
  if (activity === update) return { status_id: 2, status: "In Progress" };
  return activity === close ? { status_id: 4, status: "Resolved" } : { status_id: 0, status: "Unknown" };
}
