/** The contract of a detection: one event in, a match or nothing out; pure. */
import type { EventOf, EventType } from "../domain/event.ts";
import type { Match, Severity } from "../domain/finding.ts";
import type { Ceiling } from "../domain/mode.ts";

/** What a detection may know besides the event. */
export interface DetectionFacts {
  /** epoch ms */
  readonly now: number;
}

export interface Detection<T extends EventType = EventType> {
  /** the file's name */
  readonly id: string;
  /** one sentence */
  readonly title: string;
  readonly severity: Severity;
  /** MITRE ATT&CK technique ids */
  readonly attack: readonly string[];
  readonly on: readonly T[];
  /** the most this detection may ever cause; `notify` where a stranger without credentials can trigger it */
  readonly ceiling: Ceiling;
  evaluate(event: EventOf<T>, facts: DetectionFacts): Match | null;
  readonly examples: { readonly match: readonly EventOf<T>[]; readonly ignore: readonly EventOf<T>[] };
}

/** Checks the types against `on`, then forgets them: a registry is mixed, and the engine evaluates only what `on` names. */
export function defineDetection<const T extends EventType>(detection: Detection<T>): Detection {
  return detection as unknown as Detection;
}
