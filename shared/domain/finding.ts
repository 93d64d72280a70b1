/** A detection's positive answer, kept: what was seen on which identity, and the evidence a plan may stand on. */
import { z } from "zod";
import { Actor, LogCategory } from "./event.ts";
import { IdentityRef } from "./identity.ts";
import { MatchDetails } from "./match-details.ts";
import { Ceiling } from "./mode.ts";

export { FederatedTuple } from "./federated-tuple.ts";
export { MatchDetails };

export const Severity = z.enum(["informational", "low", "medium", "high", "critical"]);
export type Severity = z.infer<typeof Severity>;

const severityOrder: Record<Severity, number> = { informational: 0, low: 1, medium: 2, high: 3, critical: 4 };

/** For sorting: the less grave first. */
export function bySeverity(a: Severity, b: Severity): number {
  return severityOrder[a] - severityOrder[b];
}

export function highestSeverity(a: Severity, b: Severity): Severity {
  return severityOrder[a] >= severityOrder[b] ? a : b;
}

/** Somebody wants to see what would be sent: no evidence of anything, and nothing that anybody has to answer. */
export function isDryRun({ details }: Pick<Finding, "details">): boolean {
  return details.about === "manual" && details.mode === "observe";
}

/** What a finding is about where that is no workload identity: it is told to people, and nothing is ever planned for it. */
export const Topic = z.object({
  kind: z.enum(["group", "user", "log", "unnamed"]),
  /** object id of the group or user, category of the log, or a hash of the record that names its victim illegibly */
  id: z.string(),
});
export type Topic = z.infer<typeof Topic>;

/** What a detection answers. `dedupeBy` names the thing seen, so that the same thing seen twice is one finding. */
export interface Match {
  readonly title: string;
  readonly severity?: Severity;
  /** where this match may cause less than the detection's own ceiling */
  readonly ceiling?: Ceiling;
  readonly dedupeBy: string;
  readonly details: MatchDetails;
  /** who or what the finding is about; without it the event's subject */
  readonly about?: "actor" | Topic;
}

const WarrantSource = z.enum([...LogCategory.options, "Manual", "Unused"]);

export const Finding = z.object({
  id: z.string(),
  detection: z.string(),
  severity: Severity,
  ceiling: Ceiling,
  title: z.string(),
  subject: IdentityRef,
  /** there where the subject names nobody */
  topic: Topic.optional(),
  claimedName: z.string().nullable(),
  /** what the record writes where the id of whom it is about should be: shown quoted, never matched on */
  claimedId: z.string().optional(),
  /** workload or user that did it, as the record claims */
  actorId: z.string().nullable(),
  /** what the record says the actor is; not said: it was stored before this was kept */
  actorKind: Actor.shape.kind.optional(),
  /** names the thing seen, within detection and identity */
  dedupeBy: z.string(),
  details: MatchDetails,
  /** the warrant: the record this stands on, where Graph keeps its own copy, and when it happened and was raised */
  warrant: z.object({
    /** the log it came from; `Manual`: a person's signed request; `Unused`: our own scan of the tenant */
    category: WarrantSource,
    recordId: z.string(),
    correlationId: z.string().nullable(),
    /** ISO 8601 UTC, the suspected activity */
    activityAt: z.string(),
    /** ISO 8601 UTC, when the source raised it */
    raisedAt: z.string(),
  }),
  /** ISO 8601 UTC, when we received it */
  receivedAt: z.string(),
});
export type Finding = z.infer<typeof Finding>;
