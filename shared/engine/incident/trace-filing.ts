/** The beginning of an incident's trace: the record, what was seen in it, and the plans that this called for. */
import type { Finding } from "../../domain/finding.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** After the finding was stored, as its incident is not known before. */
export async function traceFiling(
  telemetry: Telemetry,
  incidentId: string,
  { id, detection, severity, warrant, receivedAt }: Finding,
  plans: readonly Plan[],
): Promise<void> {
  telemetry.add("tourniquet.findings", 1, { "tourniquet.detection": detection, "tourniquet.severity": severity });
  const startedAt = Date.parse(receivedAt);
  const record = {
    "tourniquet.incident.id": incidentId,
    "tourniquet.category": warrant.category,
    "tourniquet.record.id": warrant.recordId,
  };
  const finding = { "tourniquet.finding.id": id, "tourniquet.detection": detection, "tourniquet.severity": severity };
  await telemetry.span("tourniquet.record", { incidentId, startedAt, attributes: record }, () =>
    telemetry.span("tourniquet.finding", { startedAt, attributes: finding }, async () => {
      for (const plan of plans) {
        const attributes = { "tourniquet.plan.id": plan.id, "tourniquet.playbook": plan.playbook };
        await telemetry.span("tourniquet.plan", { attributes }, async () => undefined);
      }
    }),
  );
}
