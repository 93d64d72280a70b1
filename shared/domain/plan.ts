/**
 * A plan is what a playbook wants done about a finding: immutable, signed. Its stages run in order and keep their own state.
 *
 *   pending ──not visible yet──> deferred ─┐                       ┌─> done ──undo──> undone
 *      │  ^──────────recheck───────────────┘                       │
 *      ├──mode observe──> observed ──more evidence──> pending      │
 *      ├──a guardrail asks──> waiting ──approved──> running ───────┼─> failed     (a required step; a person is told)
 *      │                         ├──denied──> cancelled            │
 *      │                         └──silence──> expired             └─> running    (crash, throttling: resumed)
 *      ├──all pass──> running
 *      └──a guardrail refuses──> blocked
 *
 * What finds everything in place already goes to done without having run, and so does a dry run, whose steps say what they would
 * send. Undone is a stage of which another plan took back all that can be; one that failed after a part of its work goes there, too.
 * A person who calls a plan off cancels what has not begun, and what runs before its next step.
 */
import { z } from "zod";
import { IdentityKind, IdentityRef } from "./identity.ts";

/** `retire` is about what nobody uses; `undo` is the one stage of a plan that takes another plan's steps back. */
export const StageName = z.enum(["contain", "eradicate", "retire", "undo"]);
export type StageName = z.infer<typeof StageName>;

/** Stages run in this order; the next begins when the one before is done. */
export const stageOrder = StageName.options;

export const PlannedStep = z.object({
  action: z.string(),
  /** validated against the action's own schema again before use */
  parameters: z.record(z.string(), z.unknown()),
  stage: StageName,
  need: z.enum(["required", "optional"]),
  onFailure: z.enum(["stop", "continue"]),
  reason: z.string(),
  /** skipped for identities of other kinds than these; without it the action alone says whom it applies to */
  kinds: z.array(IdentityKind).optional(),
  /** the applied step that this one takes back, by its receipt; null: it does what its action does */
  undoes: z.object({ planId: z.string(), index: z.number().int() }).nullable().default(null),
});
export type PlannedStep = z.infer<typeof PlannedStep>;

export const Plan = z.object({
  id: z.string(),
  incidentId: z.string(),
  identity: IdentityRef,
  playbook: z.string(),
  version: z.number().int(),
  ordinal: z.number().int(),
  findingIds: z.array(z.string()),
  /** `tourniquet`, or the person who asked; who asked cannot approve */
  requestedBy: z.string(),
  /** the most it may do, as whoever asked for it said; `observe`: a dry run. Without it the evidence and the policy alone decide */
  mode: z.enum(["observe", "approve"]).optional(),
  createdAt: z.string(),
  /** ISO 8601 UTC: no stage starts earlier (a rotation finishes first) */
  notBefore: z.string(),
  steps: z.array(PlannedStep),
});
export type Plan = z.infer<typeof Plan>;

/** Is it about what nobody uses? Then it has nothing to do with plans about attacks, and they have nothing to do with it. */
export function isRetirePlan({ steps }: Pick<Plan, "steps">): boolean {
  return steps.some(({ stage }) => stage === "retire");
}

export const StageStatus = z.enum([
  "pending",
  "deferred",
  "observed",
  "waiting",
  "running",
  "done",
  "undone",
  "blocked",
  "failed",
  "cancelled",
  "expired",
]);
export type StageStatus = z.infer<typeof StageStatus>;

const transitions: Record<StageStatus, readonly StageStatus[]> = {
  pending: ["deferred", "observed", "waiting", "running", "done", "blocked", "cancelled", "failed"],
  deferred: ["deferred", "observed", "waiting", "running", "done", "blocked", "cancelled", "failed"],
  observed: ["deferred", "observed", "waiting", "running", "done", "blocked", "cancelled", "expired", "failed"],
  waiting: ["deferred", "observed", "waiting", "running", "done", "blocked", "cancelled", "expired", "failed"],
  running: ["running", "done", "failed", "deferred", "waiting", "observed", "blocked", "cancelled"],
  done: ["done", "undone"],
  undone: [],
  blocked: [],
  failed: ["undone"],
  cancelled: [],
  expired: [],
};

/** May a stage go from one state to the other? The store's ETag makes the move itself atomic. */
export function mayMove(from: StageStatus, to: StageStatus): boolean {
  return transitions[from].includes(to);
}

/** Nothing more will be done by this stage. */
export function hasEnded(status: StageStatus): boolean {
  return !["pending", "deferred", "observed", "waiting", "running"].includes(status);
}
