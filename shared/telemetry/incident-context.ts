/** The trace of an incident. */
import { hash } from "node:crypto";
import { type Context, ROOT_CONTEXT, TraceFlags, trace } from "@opentelemetry/api";

/**
 * Made of the incident's id alone, so every process, after every restart, delivery and wake-up, says the same, and nothing has to
 * be carried through the hub or kept in a table. The span that all others hang on is never ended by anybody: it is the incident.
 */
export function contextOfIncident(incidentId: string): Context {
  const hex = hash("sha256", `incident ${incidentId}`, "hex");
  const spanContext = {
    traceId: hex.slice(0, 32),
    spanId: hex.slice(32, 48),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  };
  return trace.setSpanContext(ROOT_CONTEXT, spanContext);
}
