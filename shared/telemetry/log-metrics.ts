/** A meter whose points are log lines, those of one minute together: sums; last values and extremes; of histograms count, sum and extremes. */
import { type Attributes, createNoopMeter, type MeterProvider } from "@opentelemetry/api";
import type { LogFields } from "../ports/logger.ts";
import { flat, type WriteLine } from "./log-spans.ts";

export interface LogMeterProvider extends MeterProvider {
  /** Writes what came since the last time; nothing came, nothing is written. */
  flush(): void;
}

type Kind = "counter" | "gauge" | "histogram";

interface Point {
  readonly metric: string;
  readonly kind: Kind;
  readonly attributes: Attributes;
  last: number;
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** Attributes come from short lists; beyond this many something else got in, and memory matters more. */
const mostPoints = 2_000;

export function createLogMeterProvider(write: WriteLine): LogMeterProvider {
  const points = new Map<string, Point>();
  const take =
    (metric: string, kind: Kind) =>
    (value: number, attributes: Attributes = {}) => {
      const key = JSON.stringify([metric, ...Object.entries(attributes).sort()]);
      const point = points.get(key) ?? { metric, kind, attributes, ...empty };
      if (!points.has(key) && points.size >= mostPoints) return;
      points.set(key, point);
      point.last = value;
      point.count += 1;
      point.sum += value;
      point.min = Math.min(point.min, value);
      point.max = Math.max(point.max, value);
    };
  const meter = Object.assign(createNoopMeter(), {
    createCounter: (name: string) => ({ add: take(name, "counter") }),
    createHistogram: (name: string) => ({ record: take(name, "histogram") }),
    createGauge: (name: string) => ({ record: take(name, "gauge") }),
  });
  return {
    getMeter: () => meter,
    flush() {
      const done = [...points.values()];
      points.clear();
      for (const point of done) write("A metric was taken", fieldsOf(point));
    },
  };
}

const empty = { last: 0, count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };

/** `value`: what a chart shows. */
function fieldsOf({ metric, kind, attributes, last, count, sum, min, max }: Point): LogFields {
  const about = { event: "metric.point", metric, ...flat(attributes) };
  if (kind === "counter") return { ...about, value: sum };
  if (kind === "gauge") return { ...about, value: last, min, max };
  return { ...about, value: sum / count, count, sum, min, max };
}
