/** The contract of a detection: one event in, a match or nothing out; pure. */
import type { Baseline } from "../domain/baseline.ts";
import type { EventOf, EventType } from "../domain/event.ts";
import type { Match, Severity } from "../domain/finding.ts";
import type { Ceiling } from "../domain/mode.ts";
import type { Policy, Tuning } from "../domain/policy.ts";

/** Where an identity may sign in from: what the policy says for it, or the tenant's trusted named locations. */
export interface TrustedLocations {
  /** IPv4 and IPv6 ranges in CIDR notation; an empty list trusts nothing */
  readonly ranges: readonly string[];
  /** says where they come from, for people: `the policy's line for it`, `named locations of 2026-03-02 09:00 UTC` */
  readonly source: string;
}

/** What a detection may know besides the event. */
export interface DetectionFacts {
  /** epoch ms */
  readonly now: number;
  /** the policy's thresholds */
  readonly tuning: Tuning;
  /** When the object of that id was seen to be created, epoch ms; null: not seen, which proves nothing. */
  readonly createdAt?: (objectId: string) => number | null;
  /** Our own disable of the event's identity that stood when the event happened; null or missing: there was none. */
  readonly containment?: { readonly planId: string; readonly appliedAt: string } | null;
  /** What was seen of the event's identity, this event included; null or missing: nothing is known of it. */
  readonly baseline?: Baseline | null;
  /** What was seen of the event's actor, this event included; null or missing: nothing is known of it. */
  readonly actorBaseline?: Baseline | null;
  /** null or missing: none are given for the event's identity */
  readonly trusted?: TrustedLocations | null;
  /** the policy's trusted issuers of federated credentials; missing: none is trusted */
  readonly trustedIssuers?: Policy["trustedIssuers"];
}

/** What people read about a detection (docs/detections.md); each a sentence or a few, without the title's words again. */
export interface Guide {
  /** why an attacker does this, and what it gives them */
  readonly why: string;
  /** what a responder looks at first */
  readonly check: string;
  /** what else looks like this */
  readonly falsePositives: string;
  /** which line of the policy, or which threshold, makes it quieter or stricter */
  readonly tune: string;
}

export interface Detection<T extends EventType = EventType> {
  /** the file's name */
  readonly id: string;
  /** one sentence */
  readonly title: string;
  readonly severity: Severity;
  /** MITRE ATT&CK technique ids */
  readonly attack: readonly string[];
  /** ids of the attack patterns it finds, as the catalogue of public rule sets numbers them; none for what is only ours */
  readonly patterns: readonly string[];
  readonly guide: Guide;
  readonly on: readonly T[];
  /** the most this detection may ever cause; `notify` where a stranger without credentials can trigger it */
  readonly ceiling: Ceiling;
  evaluate(event: EventOf<T>, facts: DetectionFacts): Match | null;
  readonly examples: {
    readonly match: readonly EventOf<T>[];
    readonly ignore: readonly EventOf<T>[];
    /** what is known beside the examples, where the detection needs more than the time */
    readonly facts?: Partial<Omit<DetectionFacts, "now">>;
  };
}

/** Checks the types against `on`, then forgets them: a registry is mixed, and the engine evaluates only what `on` names. */
export function defineDetection<const T extends EventType>(detection: Detection<T>): Detection {
  return detection as unknown as Detection;
}
