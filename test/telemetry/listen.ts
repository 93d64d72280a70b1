/** Listens to telemetry as log lines, and forgets whoever listened before, since the API's registry is the process's. */
import { context, metrics, trace } from "@opentelemetry/api";
import { onTestFinished } from "vitest";
import type { LogFields } from "../../shared/ports/logger.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { createTelemetry } from "../../shared/telemetry/api-telemetry.ts";
import { startLogExporter } from "../../shared/telemetry/log-exporter.ts";

export interface Listener {
  readonly telemetry: Telemetry;
  readonly spans: () => readonly LogFields[];
  /** writes what was measured since the last call */
  readonly points: (metric: string) => readonly LogFields[];
}

export function nobodyListens(): void {
  trace.disable();
  context.disable();
  metrics.disable();
}

export function listen(now: () => number): Listener {
  nobodyListens();
  onTestFinished(nobodyListens);
  const lines: LogFields[] = [];
  const line = (_message: string, fields: LogFields = {}) => void lines.push(fields);
  const { flush } = startLogExporter({ debug: line, info: line, warn: line, error: line }, now);
  return {
    telemetry: createTelemetry(),
    spans: () => lines.filter(({ event }) => event === "span.ended"),
    points(metric) {
      flush();
      return lines.filter((one) => one.event === "metric.point" && one.metric === metric);
    },
  };
}
