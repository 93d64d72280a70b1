/** The contract of a detection: one event in, a match or nothing out; pure. */
import type { EventOf, EventType } from "../domain/event.ts";
import type { Match, Severity } from "../domain/finding.ts";
import type { Ceiling } from "../domain/mode.ts";

/** What a detection may know besides the event. */
export interface DetectionFacts {
  /** epoch ms */
  readonly now: number;
  /** When the object of that id was seen to be created, epoch ms; null: not seen, which proves nothing. */
  readonly createdAt?: (objectId: string) => number | null;
  /** Our own disable of the event's identity that stood when the event happened; null or missing: there was none. */
  readonly containment?: { readonly planId: string; readonly appliedAt: string } | null;
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
  readonly examples: {
    readonly match: readonly EventOf<T>[];
    readonly ignore: readonly EventOf<T>[];
    /** what is known beside the examples, where the detection needs more than the time */
    readonly facts?: Omit<DetectionFacts, "now">;
  };
}

/** Checks the types against `on`, then forgets them: a registry is mixed, and the engine evaluates only what `on` names. */
export function defineDetection<const T extends EventType>(detection: Detection<T>): Detection {
  return detection as unknown as Detection;
}
