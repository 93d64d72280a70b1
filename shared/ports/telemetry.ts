/** Telemetry as the inside sees it. It answers nothing and never throws: what it cannot do is not done. */
import type { AttributeName, metrics, SpanName } from "./signals.ts";

export type Attributes = Readonly<Partial<Record<AttributeName, string | number | boolean>>>;

type Instrument<Kind> = {
  [Name in keyof typeof metrics]: (typeof metrics)[Name]["instrument"] extends Kind ? Name : never;
}[keyof typeof metrics];

export interface SpanFacts {
  /** whose trace it belongs to; without it that of the span it is in, and outside of one there is none */
  readonly incidentId?: string;
  /** epoch ms; now, without it */
  readonly startedAt?: number;
  readonly attributes: Attributes;
}

export interface Telemetry {
  /** Runs `work` exactly once, as a span; `say` adds attributes. `error.type` marks it as failed, and so does a throw. */
  span<T>(name: SpanName, facts: SpanFacts, work: (say: (more: Attributes) => void) => Promise<T>): Promise<T>;
  add(name: Instrument<"counter">, by: number, attributes?: Attributes): void;
  record(name: Instrument<"histogram">, value: number, attributes?: Attributes): void;
  level(name: Instrument<"gauge">, value: number, attributes?: Attributes): void;
}

/** For whoever has nobody to tell. */
export const noTelemetry: Telemetry = {
  span: (_name, _facts, work) => work(() => undefined),
  add: () => undefined,
  record: () => undefined,
  level: () => undefined,
};
