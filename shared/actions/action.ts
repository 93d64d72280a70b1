/**
 * The contract of an action: what one change is, as pure functions of a snapshot. An action never sends; only the engine
 * does, so a preview is the run by construction.
 */
import type { z } from "zod";
import type { IdentityKind, IdentityRef } from "../domain/identity.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { ApiRequest } from "../ports/tenant.ts";

/** The bodies of the reads an action asked for. Null: Graph says it is not there (404). */
export interface Snapshot {
  /** completed and checked against Graph: ids of the service principal and, for a home application, of the application */
  readonly identity: IdentityRef;
  readonly kind: IdentityKind;
  /** The body of this read. The engine calls an action only when every read it asked for has an answer. */
  body(request: ApiRequest): unknown;
}

export interface Action<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  /** the file's name */
  readonly id: string;
  /** one sentence */
  readonly summary: string;
  readonly parameters: P;
  readonly receipt: R;
  /** requests with one key may be sent as one call (confirmCompromised) */
  readonly gather?: string;
  impact(kind: IdentityKind): "reversible" | "irreversible";
  appliesTo(kind: IdentityKind): boolean;
  /** least privileged application permissions, Graph's names */
  permissions(kind: IdentityKind): readonly string[];
  /** what the snapshot must hold for this step */
  reads(parameters: z.output<P>, identity: IdentityRef): readonly ApiRequest[];
  /** idempotency; and, on a fresh snapshot, verification */
  isInPlace(parameters: z.output<P>, snapshot: Snapshot): boolean;
  /** what undo needs; stored before the change */
  keep(parameters: z.output<P>, snapshot: Snapshot): z.output<R>;
  /** exactly what will be sent, in this order; dry run, approval and run use this one */
  requests(parameters: z.output<P>, snapshot: Snapshot): readonly ApiRequest[];
  /** ids of what goes for good: what a person is shown and approves, so that nothing else goes in its place */
  touches?(parameters: z.output<P>, snapshot: Snapshot): readonly string[];
  revert?(receipt: z.output<R>, snapshot: Snapshot): readonly ApiRequest[];
}

/** Checks the literal types; a registry of mixed actions compiles because members are methods. */
export function defineAction<P extends z.ZodType, R extends z.ZodType>(action: Action<P, R>): Action<P, R> {
  return action;
}

interface StepOptions {
  readonly stage: PlannedStep["stage"];
  readonly reason: string;
  readonly need?: PlannedStep["need"];
  readonly onFailure?: PlannedStep["onFailure"];
}

/** A planned step; wrong parameters do not compile, and what is stored is plain JSON. */
export function step<P extends z.ZodType<Record<string, unknown>>, R extends z.ZodType>(
  action: Action<P, R>,
  parameters: z.output<P>,
  options: StepOptions,
): PlannedStep {
  return {
    action: action.id,
    parameters,
    stage: options.stage,
    need: options.need ?? "required",
    onFailure: options.onFailure ?? "stop",
    reason: options.reason,
  };
}
