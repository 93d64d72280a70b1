/** What leaves the app: wake-ups for the writer, outcomes for the world, messages for people. */

/** Wakes the writer. Losing one is harmless (the sweep publishes what is due); a double finds its work done. */
export interface PlanQueue {
  publish(messages: readonly unknown[]): Promise<void>;
}

/** One thing that happened, for the `outcomes` hub and for people. JSON-safe; no secret, no raw record. */
export interface Notice {
  /** deterministic: the same thing told twice has the same id */
  readonly id: string;
  readonly tenantId: string;
  readonly at: string;
  /** `finding.created`, `stage.awaiting-approval`, `step.finished`, `identity.contained`, `stage.contradicted`, `stuck` … */
  readonly event: string;
  /** does a person have to hear of it now */
  readonly urgency: "page" | "chat" | "digest";
  readonly severity: "informational" | "low" | "medium" | "high" | "critical";
  /** one sentence, ids first, names quoted and last */
  readonly message: string;
  readonly identity: {
    readonly key: string;
    readonly appId: string | null;
    readonly servicePrincipalId: string | null;
  };
  readonly incidentId: string | null;
  readonly planId: string | null;
  /** facts of the event, flat where possible */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Publishes notices as OCSF events to the `outcomes` hub. Throws RetryableError. */
export interface OutcomePublisher {
  publish(notices: readonly Notice[]): Promise<void>;
}

/** Tells people. Throws RetryableError when it could not, so that the notice stays and is tried again. */
export interface Notifier {
  notify(notices: readonly Notice[]): Promise<void>;
}
