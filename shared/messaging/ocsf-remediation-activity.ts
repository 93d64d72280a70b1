/** What was done, waits or was refused, as OCSF Remediation Activity (7001). */
import type { Notice } from "../ports/outbox.ts";
import { happened, type OcsfClassFields, type OcsfValue, other, textOf } from "./ocsf-types.ts";

const isolate: OcsfValue = { id: 1, caption: "Isolate" };
const evict: OcsfValue = { id: 2, caption: "Evict" };
/** What nobody uses is no compromise: it goes so that nobody can begin with it. */
const harden: OcsfValue = { id: 4, caption: "Harden" };
const restore: OcsfValue = { id: 3, caption: "Restore" };

const byStage: ReadonlyMap<string, OcsfValue> = new Map([
  ["contain", isolate],
  ["eradicate", evict],
  ["retire", harden],
  ["undo", restore],
]);

const succeeded = new Set(["applied", "already-in-place", "verified", "contained", "reverted", "undone", "done"]);
const wentWrong = new Set(["failed", "contradicted"]);

export function remediationActivity(notice: Notice): OcsfClassFields {
  const result = textOf(notice, "status") ?? happened(notice);
  const reason = textOf(notice, "reason");
  return {
    class_uid: 7001,
    activity: activity(notice, result),
    ...status(result),
    status_code: result,
    ...(reason === null ? {} : { status_detail: reason }),
    command_uid: textOf(notice, "stepId") ?? notice.planId ?? notice.id,
    remediation: { desc: textOf(notice, "action") ?? textOf(notice, "stage") ?? notice.message },
  };
}

function activity(notice: Notice, result: string): OcsfValue {
  if (result === "reverted" || result === "undone") return restore;
  const action = textOf(notice, "action");
  if (textOf(notice, "stage") === "retire") return harden;
  if (action?.startsWith("disable-")) return isolate;
  if (action?.startsWith("remove-") || action?.startsWith("delete-")) return evict;
  if (action !== null) return other;
  if (notice.event === "identity.contained") return isolate;
  return byStage.get(textOf(notice, "stage") ?? "") ?? other;
}

function status(result: string) {
  if (succeeded.has(result)) return { status_id: 1, status: "Success" };
  return wentWrong.has(result) ? { status_id: 2, status: "Failure" } : { status_id: 99, status: result };
}
