/** Incidents, and whatever else a person should hear about one, as OCSF Incident Finding (2005). */
import type { Notice } from "../ports/outbox.ts";
import { happened, type OcsfClassFields, other } from "./ocsf-types.ts";

export function incidentFinding(notice: Notice): OcsfClassFields {
  const findingIds = notice.data.findingIds;
  const known = Array.isArray(findingIds) ? findingIds.filter((id): id is string => typeof id === "string") : [];
  return {
    class_uid: 2005,
    ...progress(notice),
    desc: notice.message,
    // The class demands at least one finding; an incident stands for itself where the notice names none.
    finding_info_list: (known.length > 0 ? known : [notice.incidentId ?? notice.id]).map((uid) => ({ uid })),
  };
}

function progress(notice: Notice) {
  // that the ledger was sealed says nothing of how the incident stands, which may be over
  if (notice.event.startsWith("ledger.")) return { activity: other, status_id: 99, status: happened(notice) };
  const what = notice.event.startsWith("incident.") ? happened(notice) : "updated";
  if (what === "opened" || what === "created") {
    return { activity: { id: 1, caption: "Create" }, status_id: 1, status: "New" };
  }
  if (what === "closed" || what === "dismissed") {
    return { activity: { id: 3, caption: "Close" }, status_id: 5, status: "Closed" };
  }
  return { activity: { id: 2, caption: "Update" }, status_id: 2, status: "In Progress" };
}
