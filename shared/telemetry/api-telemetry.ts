/** Telemetry by the API of OpenTelemetry: whoever registered providers, an SDK or our own, gets all of it; without any it is nothing. */
import { context, metrics as meters, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { describeError } from "../domain/errors.ts";
import { redactText } from "../domain/redact.ts";
import { type MetricName, metrics, type SpanName, spans } from "../ports/signals.ts";
import type { Attributes, SpanFacts, Telemetry } from "../ports/telemetry.ts";
import { contextOfIncident } from "./incident-context.ts";

const scope = "tourniquet";
const kinds = { internal: SpanKind.INTERNAL, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT };

/** Call it after providers were registered: a meter of before stays silent. */
export function createTelemetry(): Telemetry {
  const tracer = trace.getTracer(scope);
  const meter = meters.getMeter(scope);
  const instruments = new Map<MetricName, (value: number, attributes: Attributes) => void>();

  function begin(name: SpanName, { incidentId, startedAt, attributes }: SpanFacts): Span | null {
    const active = trace.getSpanContext(context.active());
    const parent = incidentId === undefined ? null : contextOfIncident(incidentId);
    if (active === undefined && parent === null) return null;
    const isWithin = parent === null || trace.getSpanContext(parent)?.traceId === active?.traceId;
    const options = {
      kind: kinds[spans[name].kind],
      attributes: { ...attributes },
      ...(startedAt === undefined ? {} : { startTime: startedAt }),
    };
    return tracer.startSpan(name, options, isWithin ? context.active() : (parent ?? context.active()));
  }

  function instrument(name: MetricName): (value: number, attributes: Attributes) => void {
    const { instrument: kind, unit, what: description } = metrics[name];
    const options = { unit, description };
    if (kind === "counter") {
      const counter = meter.createCounter(name, options);
      return (value, attributes) => counter.add(value, { ...attributes });
    }
    const recorder = kind === "histogram" ? meter.createHistogram(name, options) : meter.createGauge(name, options);
    return (value, attributes) => recorder.record(value, { ...attributes });
  }

  function measure(name: MetricName, value: number, attributes: Attributes = {}): void {
    quietly(() => {
      const known = instruments.get(name) ?? instrument(name);
      instruments.set(name, known);
      known(value, attributes);
    });
  }

  return {
    span: (name, facts, work) => within(quietly(() => begin(name, facts)) ?? null, work),
    add: measure,
    record: measure,
    level: measure,
  };
}

async function within<T>(span: Span | null, work: (say: (more: Attributes) => void) => Promise<T>): Promise<T> {
  if (span === null) return work(() => undefined);
  let started: Promise<T> | null = null;
  const start = () => {
    started ??= work((more) => quietly(() => say(span, more)));
    return started;
  };
  try {
    // a context manager that breaks, before or after, neither keeps the work from being done nor does it twice
    quietly(() => context.with(trace.setSpan(context.active(), span), start));
    return await start();
  } catch (error) {
    quietly(() => span.setStatus({ code: SpanStatusCode.ERROR, message: redactText(describeError(error)) }));
    throw error;
  } finally {
    quietly(() => span.end());
  }
}

function say(span: Span, more: Attributes): void {
  span.setAttributes({ ...more });
  if (more["error.type"] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Whatever listens is no part of the work: its failures are its own, and telling of them here could fail as well. */
function quietly<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch {
    return undefined;
  }
}
