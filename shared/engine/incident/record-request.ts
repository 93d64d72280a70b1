/** A person's signed wish in the ledger of the incident that it belongs to, in the very commit that files it. */
import type { Finding } from "../../domain/finding.ts";
import type { Incident } from "../../domain/incident.ts";
import type { Draft } from "../rows/partition.ts";

/** Nothing for what nobody asked for. */
export function recordRequest(draft: Draft, { id: chain }: Incident, { details, dedupeBy, warrant }: Finding): void {
  if (details.about !== "manual") return;
  const { by, reason, playbook, parameters, mode } = details;
  const how = mode === "observe" ? "a dry run of " : "";
  draft.record({
    chain,
    at: warrant.activityAt,
    event: "request.signed",
    by,
    message: `${by} asked for ${how}${playbook}: ${reason}`,
    data: { request: "start", requestId: dedupeBy, playbook, parameters, mode, reason },
  });
}
