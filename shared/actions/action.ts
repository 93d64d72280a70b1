/**
 * The contract of an action: what one change is, as pure functions of a snapshot. An action never sends; only the engine
 * does, so a preview is the run by construction.
 */
import type { z } from "zod";
import type { IdentityKind, IdentityRef } from "../domain/identity.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { ManagedIdentityFacts } from "../domain/snapshot.ts";
import type { ApiRequest } from "../ports/tenant.ts";

/** Whom a step is about, as Graph says. */
export interface ActionSubject {
  /** completed and checked against Graph: ids of the service principal and, for a home application, of the application */
  readonly identity: IdentityRef;
  readonly kind: IdentityKind;
  /** of a managed identity; null: it is none, or Graph does not say */
  readonly managedIdentity: ManagedIdentityFacts | null;
}

/** The bodies of the reads an action asked for. Null: Graph says it is not there (404). */
export interface Snapshot extends ActionSubject {
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
  reads(parameters: z.output<P>, subject: ActionSubject): readonly ApiRequest[];
  /** what must be read besides, once `reads` are answered (each subscription's assignments); asked until it names nothing new */
  readsNext?(parameters: z.output<P>, snapshot: Snapshot): readonly ApiRequest[];
  /** Does it change what other tenants see of a home application that they use? That is nobody's to do alone. */
  reachesOtherTenants?(parameters: z.output<P>): boolean;
  /** idempotency; and, on a fresh snapshot, verification */
  isInPlace(parameters: z.output<P>, snapshot: Snapshot): boolean;
  /** what undo needs; stored before the change */
  keep(parameters: z.output<P>, snapshot: Snapshot): z.output<R>;
  /** exactly what will be sent, in this order; dry run, approval and run use this one */
  requests(parameters: z.output<P>, snapshot: Snapshot): readonly ApiRequest[];
  /** ids of what goes for good: what a person is shown and approves, so that nothing else goes in its place */
  touches?(parameters: z.output<P>, snapshot: Snapshot): readonly string[];
  /** what must be read to take it back; without it, nothing beyond the identity's own two objects */
  revertReads?(receipt: z.output<R>, subject: ActionSubject): readonly ApiRequest[];
  /** puts back exactly what the receipt holds, and overwrites nothing that somebody changed since */
  revert?(receipt: z.output<R>, snapshot: Snapshot): Reversal;
  /** what never comes back, one phrase each (`the value of secret …`): said before the run, in the preview, and in the report */
  lost?(receipt: z.output<R>): readonly string[];
}

export type Reversal =
  /**
   * `requests`: none when it is as it was before already, but for `missing`: one phrase for each part that has nowhere to return
   * to, since its other end is gone. It keeps nothing else from returning.
   */
  | { readonly requests: readonly ApiRequest[]; readonly missing?: readonly string[] }
  /** one sentence: what somebody changed since, so that nothing is done */
  | { readonly conflict: string };

/** Checks the literal types; a registry of mixed actions compiles because members are methods. */
export function defineAction<P extends z.ZodType, R extends z.ZodType>(action: Action<P, R>): Action<P, R> {
  return action;
}

interface StepOptions {
  readonly stage: PlannedStep["stage"];
  readonly reason: string;
  readonly need?: PlannedStep["need"];
  readonly onFailure?: PlannedStep["onFailure"];
  readonly kinds?: readonly IdentityKind[];
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
    ...(options.kinds === undefined ? {} : { kinds: [...options.kinds] }),
    undoes: null,
  };
}
