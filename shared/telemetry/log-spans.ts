/** A tracer whose ended spans are log lines. */
import { randomBytes } from "node:crypto";
import {
  type Attributes,
  type Context,
  context as contexts,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  type TimeInput,
  TraceFlags,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { isoAt } from "../ports/clock.ts";
import type { LogFields } from "../ports/logger.ts";

export type WriteLine = (message: string, fields: LogFields) => void;

export function createLogTracerProvider(write: WriteLine, now: () => number): TracerProvider {
  const tracer: Tracer = {
    startSpan: (name, options = {}, parent = contexts.active()) => startSpan(name, options, parent, { write, now }),
    startActiveSpan: (name: string, ...rest: readonly unknown[]) => {
      const work = rest.at(-1) as (span: Span) => unknown;
      const [options, parent] = rest.slice(0, -1) as [SpanOptions?, Context?];
      const from = parent ?? contexts.active();
      const span = startSpan(name, options ?? {}, from, { write, now });
      return contexts.with(trace.setSpan(from, span), work, undefined, span) as never;
    },
  };
  return { getTracer: () => tracer };
}

interface Outlet {
  readonly write: WriteLine;
  readonly now: () => number;
}

function startSpan(name: string, options: SpanOptions, parent: Context, { write, now }: Outlet): Span {
  const above = (options.root === true ? undefined : trace.getSpanContext(parent)) ?? INVALID_SPAN_CONTEXT;
  const isChild = isSpanContextValid(above);
  const traceId = isChild ? above.traceId : randomBytes(16).toString("hex");
  const ids = { traceId, spanId: randomBytes(8).toString("hex"), traceFlags: TraceFlags.SAMPLED };
  const startedAt = msOf(options.startTime) ?? now();
  const said: Attributes = { ...options.attributes };
  let title = name;
  let failed = false;
  let ended = false;
  const span: Span = {
    spanContext: () => ids,
    setAttribute: (key, value) => span.setAttributes({ [key]: value }),
    setAttributes(more) {
      Object.assign(said, more);
      return span;
    },
    setStatus({ code }) {
      failed = code === SpanStatusCode.ERROR;
      return span;
    },
    updateName(other) {
      title = other;
      return span;
    },
    end(endTime) {
      if (ended) return;
      ended = true;
      write("A span ended", {
        event: "span.ended",
        span: title,
        traceId,
        spanId: ids.spanId,
        parentId: isChild ? above.spanId : null,
        startedAt: isoAt(startedAt),
        durationMs: Math.max(0, (msOf(endTime) ?? now()) - startedAt),
        failed,
        ...flat(said),
      });
    },
    isRecording: () => !ended,
    // nothing of ours uses these
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    recordException: () => undefined,
  };
  return span;
}

/** Epoch ms; undefined: not said, or in a form that only SDKs use. */
function msOf(time: TimeInput | undefined): number | undefined {
  return time instanceof Date ? time.getTime() : typeof time === "number" ? time : undefined;
}

export function flat(attributes: Attributes): LogFields {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, Array.isArray(value) ? value.join() : value]),
  ) as LogFields;
}
